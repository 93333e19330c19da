import { useOpenPage } from "../document/use-page-document.ts";
import { useSelected } from "../state/store.ts";
import { BlockFrame } from "./block-frame.tsx";

/**
 * Blocks one below the other. They stand side by side without list elements around them, so that
 * no block is made anew, and loses the focus, when one beside it comes or goes.
 */
export function BlockList({ keys }: { keys: readonly string[] }) {
  const { document } = useOpenPage();
  const types = useSelected(document.state, ({ tree }) =>
    keys.map((key) => tree.nodes.get(key)?.block.type).join(" "),
  );
  const numbers = numberItems(types.split(" "));
  return keys.map((key, index) => (
    <BlockFrame key={key} blockKey={key} number={numbers[index] ?? 0} />
  ));
}

/** Each numbered item's number: counting begins anew behind any other block. */
function numberItems(types: readonly string[]): number[] {
  let number = 0;
  return types.map((type) => (number = type === "numbered_list_item" ? number + 1 : 0));
}
