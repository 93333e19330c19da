/** Every phrase of the sign-in window's own pages. Another language is another object of this type. */
export const popupEnglish = {
  locale: "en",
  close: "Close",
  cancel: "Cancel",
  continue: "Continue",
  noScript: "This window needs JavaScript. Switch it on, close the window and try again.",
  requestId: (id: string) => `Request ${id}`,

  opening: (provider: string) => `Opening ${provider}…`,
  openingDetail: (provider: string, project: string) =>
    `Sign in there and choose what ${provider} may share with ${project}.`,
  lost: "This window cannot go on",
  lostDetail: (project: string) =>
    `It has lost touch with the page that opened it. Close it, go back to ${project}, and connect again.`,
  slow: "This is taking longer than it should. Close the window, go back, and try again.",

  confirm: (provider: string, project: string) => `Connect ${provider} to ${project}?`,
  confirmDetail: (project: string, host: string, provider: string) =>
    `${project} (${host}) asks for access to your ${provider} account. Continue only if you started this there yourself.`,

  connected: "Connected.",
  connectedDetail: "You can close this window.",

  denied: "Nothing was connected",
  failed: "The connection did not work",
};

export type PopupMessages = typeof popupEnglish;
