import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParty } from "../party.ts";
import { createThreeSteps } from "./three-steps.ts";

/** The least: three requests one after another, then the reply. Nothing survives a crash. */
const [receiverUrl = ""] = process.argv.slice(2);
const steps = createThreeSteps(receiverUrl);

const server = createServer((request, response) => {
  const run = async () => {
    for (const step of steps) await step("none");
    response.setHeader("content-type", "application/json");
    response.end('{"ok":true}');
  };
  request.resume().on("end", () => void run());
});
server.listen(0, "127.0.0.1", () => {
  serveParty({
    facts: { port: (server.address() as AddressInfo).port, path: "/", token: "none" },
  });
});
