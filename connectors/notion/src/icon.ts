/** A page with a folded corner and an N, drawn for this project. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" role="img" aria-label="Notion"><rect x="3" y="3" width="26" height="26" rx="6" fill="#fff" stroke="#1f1f1f" stroke-width="2.5"/><path d="M11 22.5v-13h1.9l6.3 9v-9H21v13h-1.9l-6.3-9v9z" fill="#1f1f1f"/></svg>`;
