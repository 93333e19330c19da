import type {
  BlockObjectResponse,
  DatabaseObjectResponse,
  DataSourceObjectResponse,
  PageObjectResponse,
  RichTextItemResponse,
} from "@notionhq/client";

/** The API's objects, named as this page uses them. Types only: none of the client is bundled. */
export type RichText = RichTextItemResponse;
export type Page = PageObjectResponse;
export type Database = DatabaseObjectResponse;
export type DataSource = DataSourceObjectResponse;
export type Icon = PageObjectResponse["icon"];
export type Properties = PageObjectResponse["properties"];
export type Property = Properties[string];

/** What is shown of a block: its own fields without authors and times. */
export type Block = Shown<BlockObjectResponse>;
export type BlockType = Block["type"];
/** The block of one type. */
export type BlockOf<Type extends BlockType> = Extract<Block, { type: Type }>;

type Shown<Full> = Full extends { type: infer Type extends string }
  ? Pick<Full, Extract<keyof Full, "id" | "type" | "has_children" | Type>>
  : never;

/** A block in the API's request form. */
export type BlockRequest = Record<string, unknown>;

export interface List<Item> {
  results: Item[];
  next_cursor: string | null;
  has_more: boolean;
}

/** Where a new block goes among its parent's children. */
export type Position =
  | { type: "start" }
  | { type: "end" }
  | { type: "after_block"; after_block: { id: string } };
