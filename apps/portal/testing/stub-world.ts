import { randomUUID } from "node:crypto";

export const projectId = "38b1f170-0c43-4eae-9f04-ab85325d99f7";
export const integrationId = "1f4d2a53-4a6d-4a55-8a7e-0d62d46ff3a1";

export interface StubCredential {
  id: string;
  status: "VALID" | "INVALID";
  workspaceName: string;
  userEmail: string;
}

export interface StubAuthorization {
  id: string;
  key: string;
  installOptions: { selectedCredentialId?: string };
  originForPostMessage: string;
  startedAt: Date;
  status: "pending" | "exchanging" | "connected" | "denied" | "failed";
  failure: { code: string; message: string } | null;
  credentialId?: string;
}

/** What the stub server knows and how it shall behave; tests change it as they go. */
export class StubWorld {
  isAllowed = true;
  projectTitle = "Lumen";
  description = "Keep your pages and databases in step.";
  overview = [
    "With Notion connected you can:",
    "",
    "- **Sync pages and databases** into your projects, as they change",
    "- **Create and update pages** from tasks and meetings",
    "- Decide page by page what is shared, and change it whenever you like",
    "",
    "See [how it works](https://example.com/notion) for the details.",
  ].join("\n");
  accentColor: string | undefined;
  credentials: StubCredential[] = [];
  authorizations: StubAuthorization[] = [];
  /** How the next sign-in ends once the user has allowed it. */
  exchange: "works" | "fails" | "hangs" = "works";
  revocation: "works" | "fails" | "refuses" = "works";
  workspaceName = "Acme HQ";
  /** The provider's page cannot be asked for, so no sign-in begins. */
  isBuildRefused = false;
  /** The sign-in is known to be done, but the SDK is not told. */
  isSessionSilent = false;

  addCredential(change: Partial<StubCredential> = {}): StubCredential {
    const credential: StubCredential = {
      id: randomUUID(),
      status: "VALID",
      workspaceName: "Acme HQ",
      userEmail: "ada@acme.example",
      ...change,
    };
    this.credentials.push(credential);
    return credential;
  }

  begin(start: Pick<StubAuthorization, "key" | "installOptions" | "originForPostMessage">) {
    const authorization: StubAuthorization = {
      ...start,
      id: randomUUID(),
      startedAt: new Date(),
      status: "pending",
      failure: null,
    };
    this.authorizations.push(authorization);
    return authorization;
  }

  /** The provider sent the user back. */
  finish(authorization: StubAuthorization, decision: string | null): void {
    if (decision !== "allow") {
      authorization.status = "denied";
      authorization.failure = { code: "authorization_failed", message: "The user said no." };
    } else if (this.exchange === "fails") {
      authorization.status = "failed";
      authorization.failure = {
        code: "authorization_failed",
        message: "Notion did not accept the Client ID of this integration.",
      };
    } else if (this.exchange === "hangs") {
      authorization.status = "exchanging";
    } else this.#store(authorization);
  }

  #store(authorization: StubAuthorization): void {
    const chosen = this.credentials.find(
      ({ id }) => id === authorization.installOptions.selectedCredentialId,
    );
    if (chosen) chosen.status = "VALID";
    const credential = chosen ?? this.addCredential({ workspaceName: this.workspaceName });
    authorization.status = "connected";
    authorization.credentialId = credential.id;
  }

  latestSince(since: Date): StubAuthorization | undefined {
    return this.authorizations.filter(({ startedAt }) => startedAt >= since).at(-1);
  }

  presentCredential({ id, status, workspaceName, userEmail }: StubCredential) {
    const date = "2026-11-03T10:00:00.000Z";
    return {
      id,
      projectId,
      integrationId,
      personaId: randomUUID(),
      status,
      providerId: workspaceName,
      providerData: { workspaceName, userEmail },
      isPreviewCredential: false,
      dateCreated: date,
      dateUpdated: date,
      dateRefreshed: date,
      refreshFailureCount: 0,
      configurations: [
        {
          id: `${id}-config`,
          dateCreated: date,
          dateUpdated: date,
          connectCredentialId: id,
          workflowSettings: {},
          sharedSettings: {},
          configMeta: {},
          isDefault: true,
        },
      ],
    };
  }

  presentUser() {
    const [first] = this.credentials;
    return {
      authenticated: true,
      userId: "ada",
      meta: {},
      resources: [],
      project: {
        id: projectId,
        billingPlan: "connect_enterprise",
        accessibleFeatures: ["headless-cp"],
      },
      integrations: {
        notion: {
          enabled: first?.status === "VALID",
          allCredentials: this.credentials.map((credential) => this.presentCredential(credential)),
          ...(first && { credentialId: first.id, credentialStatus: first.status }),
        },
      },
    };
  }

  presentIntegrations() {
    return [
      {
        id: integrationId,
        projectId,
        type: "notion",
        name: "Notion",
        brandColor: "#000000",
        isActive: true,
        authenticationType: "oauth",
        needPreOauthInputs: false,
        hasCredential: true,
        configs: [{ id: "config", integrationId, values: { description: "from the SDK" } }],
        workflows: [],
        noPermissionWorkflows: [],
        sdkIntegrationConfig: {
          accountTypes: [],
          authConfigInputs: [],
          oauthInputs: [],
          postOauthInputs: [],
          dataSources: {},
        },
      },
    ];
  }

  presentPortal() {
    const { description, overview, accentColor } = this;
    return {
      allowed: this.isAllowed,
      project: { title: this.projectTitle },
      integrations: { notion: { title: "Notion", description, overview, accentColor } },
    };
  }
}
