import connectSdk from "@useparagon/connect/ConnectSDK";

// 1. Your backend tells who is signed in: the Project ID, a user token, and where Tenon lives.
const session = await fetch("/session").then((response) => response.json());

// 2. The unmodified Paragon SDK, pointed at Tenon: the hosts are all that changes.
const paragon = new connectSdk.default({
  ZEUS_PUBLIC_URL: session.tenonUrl,
  HERMES_PUBLIC_URL: session.tenonUrl,
  WORKER_PROXY_PUBLIC_URL: session.tenonUrl,
  CONNECT_PUBLIC_URL: session.tenonUrl,
  DASHBOARD_PUBLIC_URL: session.tenonUrl,
  CDN_PUBLIC_URL: session.tenonUrl,
  PASSPORT_PUBLIC_URL: session.tenonUrl,
});
await paragon.authenticate(session.projectId, session.userToken);
showAccount();
paragon.subscribe("onIntegrationInstall", showAccount);
paragon.subscribe("onIntegrationUninstall", showAccount);

// 3. The Connect Portal: connects the account, and later reconnects or disconnects it.
element("connect").addEventListener("click", () => paragon.connect("notion", {}));

// 4. Any endpoint of Notion's API, called with the user's own account.
element("note").addEventListener("submit", (event) => {
  event.preventDefault();
  createPage(element("title").value).then(showPage, showError);
});

async function createPage(title) {
  const { results } = await paragon.request("notion", "/v1/search", {
    method: "POST",
    body: { filter: { property: "object", value: "page" }, page_size: 1 },
  });
  if (results.length === 0) throw new Error("No page is shared with this connection yet.");
  return paragon.request("notion", "/v1/pages", {
    method: "POST",
    body: {
      parent: { page_id: results[0].id },
      properties: { title: { title: [{ text: { content: title } }] } },
    },
  });
}

function showAccount() {
  const user = paragon.getUser();
  const notion = user.authenticated ? user.integrations?.notion : undefined;
  const name = notion?.providerData?.workspaceName ?? "your workspace";
  element("account").textContent = notion?.enabled ? `Connected to ${name}.` : "Not connected yet.";
  element("connect").textContent = notion?.enabled ? "Manage connection" : "Connect Notion";
  element("connect").disabled = false;
  element("create").disabled = !notion?.enabled;
}

function showPage(page) {
  const link = Object.assign(document.createElement("a"), {
    href: page.url,
    target: "_blank",
    textContent: "Open it in Notion",
  });
  element("outcome").replaceChildren("The page was created. ", link);
  element("answer").hidden = false;
  element("answer").textContent = JSON.stringify(page, null, 2);
}

function showError(error) {
  element("outcome").textContent = `It did not work: ${error.message}`;
  element("answer").hidden = true;
}

function element(id) {
  return document.getElementById(id);
}
