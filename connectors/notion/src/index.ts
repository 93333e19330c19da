import { defineConnector } from "@tenon/connector";
import { api } from "./api.ts";
import { auth } from "./auth.ts";
import { icon } from "./icon.ts";

export const notion = defineConnector({
  id: "notion",
  title: "Notion",
  brandColor: "#1f1f1f",
  icon,
  description: "Connect your Notion workspace to read and write the pages you choose to share.",
  auth,
  api,
});
