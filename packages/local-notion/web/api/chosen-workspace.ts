const key = "local-notion.workspace";

/** The workspace this tab shows: chosen in it before, or last chosen in another one. */
export function chosenWorkspace(): string | null {
  return sessionStorage.getItem(key) ?? localStorage.getItem(key);
}

export function rememberWorkspace(id: string): void {
  sessionStorage.setItem(key, id);
  localStorage.setItem(key, id);
}

export function forgetWorkspace(): void {
  sessionStorage.removeItem(key);
  localStorage.removeItem(key);
}
