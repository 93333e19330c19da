import { type KeyboardEvent, useEffect, useState } from "react";
import { messageOf } from "../api/request.ts";
import { Glyph } from "../parts/glyph.tsx";
import { Link } from "../parts/link.tsx";
import { PageIcon } from "../parts/page-icon.tsx";
import { pageHref } from "../state/router.ts";
import { isWhole } from "../workspace/page-index.ts";
import { type PageItem, toPageItem } from "../workspace/page-item.ts";
import { useWorkspace } from "../workspace/workspace.ts";

const typingPauseMs = 150;

interface SearchFieldProps {
  value: string;
  onChange(value: string): void;
}

export function SearchField({ value, onChange }: SearchFieldProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") onChange("");
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    document.querySelector<HTMLElement>(".search-results a")?.focus();
  };
  return (
    <search className="search-field">
      <Glyph name="search" />
      <input
        type="search"
        aria-label="Search pages by title"
        placeholder="Search"
        dir="auto"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={press}
      />
    </search>
  );
}

type Result =
  | { status: "searching" }
  | { status: "failed"; problem: string }
  | { status: "found"; items: readonly PageItem[] };

/** What the search has found, in the place of the tree. */
export function SearchResults({ query, onLeave }: { query: string; onLeave(): void }) {
  const result = useSearch(query);
  const items = result.status === "found" ? result.items : [];
  return (
    <div className="search-results">
      <output className="sidebar-hint">{inWords(result, query)}</output>
      <ul className="tree">
        {items.map(({ id, title, icon, kind }) => (
          <li key={id}>
            <Link
              className="sidebar-line"
              href={pageHref(id, title)}
              onClick={onLeave}
              onKeyDown={step}
            >
              <PageIcon icon={icon} kind={kind === "database" ? "database" : "page"} />
              <span className="tree-title">{title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function inWords(result: Result, query: string): string {
  switch (result.status) {
    case "searching":
      return "Searching …";
    case "failed":
      return result.problem;
    case "found": {
      const count = result.items.length;
      if (count === 0) return `No page has “${query}” in its title.`;
      return count === 1 ? "1 page" : `${count} pages`;
    }
  }
}

function useSearch(query: string): Result {
  const { api } = useWorkspace();
  const [result, setResult] = useState<Result>({ status: "searching" });
  useEffect(() => {
    let isWanted = true;
    const show = (next: Result) => isWanted && setResult(next);
    const search = async () => {
      try {
        const { results } = await api.search({ query });
        show({
          status: "found",
          items: results.filter(isWhole).map((one) => toPageItem(one, undefined)),
        });
      } catch (error) {
        show({ status: "failed", problem: messageOf(error) });
      }
    };
    const timer = setTimeout(() => void search(), typingPauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, query]);
  return result;
}

/** Arrow keys go from one result to the next, and from the first back to the field. */
function step(event: KeyboardEvent<HTMLElement>): void {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move === undefined) return;
  event.preventDefault();
  const results = [...document.querySelectorAll<HTMLElement>(".search-results a")];
  const next = results.indexOf(event.currentTarget) + move;
  if (next < 0) document.querySelector<HTMLElement>(".search-field input")?.focus();
  else results[next]?.focus();
}
