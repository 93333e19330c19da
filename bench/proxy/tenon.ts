import { startConnectedTenon } from "../connected-tenon.ts";
import { serveParty } from "../party.ts";

const [providerUrl = ""] = process.argv.slice(2);
const { port, sdkPath, token, stop } = await startConnectedTenon(providerUrl);

serveParty({ facts: { port, path: `${sdkPath}/proxy/notion/v1/pages/0b9cbc93`, token }, stop });
