import { defineConnector } from "@tenon/connector";
import { actions } from "./actions/index.ts";
import { api } from "./api.ts";
import { auth } from "./auth.ts";
import { dataSourceProperties } from "./data-sources/data-source-shape.ts";
import { icon } from "./icon.ts";
import { pickers } from "./pickers.ts";
import { triggers, watch } from "./triggers/index.ts";

export const notion = defineConnector({
  id: "notion",
  title: "Notion",
  brandColor: "#1f1f1f",
  icon,
  description: "Connect your Notion workspace to read and write the pages you choose to share.",
  auth,
  api,
  actions,
  triggers,
  watch,
  pickers,
  shapes: [dataSourceProperties],
});
