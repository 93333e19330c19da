/** Every phrase of the portal. Another language is another object of this type. */
export const english = {
  locale: "en",
  close: "Close",
  cancel: "Cancel",
  done: "Done",
  overview: "Overview",
  configuration: "Configuration",

  connect: (provider: string) => `Connect ${provider}`,
  connectTo: (provider: string, project: string) => `Connect ${provider} to ${project}`,
  connectDescription: (provider: string, project: string) =>
    `Connect your ${provider} account to ${project}.`,
  connectAssurance: (provider: string, project: string) =>
    `You sign in with ${provider} and choose what to share. ${project} never sees your password.`,
  connectAnother: "Connect another account",

  waiting: "Finish in the window we opened.",
  waitingDetail: (provider: string, project: string) =>
    `Sign in to ${provider} there and choose what to share with ${project}. This page carries on by itself.`,
  waitingSlow: "If the window shows nothing, close it and open it again.",
  waitingBlocked: "Your browser did not open the window",
  waitingBlockedDetail:
    "It may have blocked a pop-up. Allow pop-ups for this site, or open the window again.",
  openAgain: "Open it again",
  finishing: "Almost done",
  finishingDetail: (provider: string) => `We are finishing the connection to ${provider}.`,

  connected: (provider: string) => `${provider} is connected`,
  connectedAccount: (account: string, project: string) => `${project} can now use ${account}.`,
  connectedDetail: (project: string) => `${project} can now use your account.`,

  denied: "Nothing was connected",
  deniedDetail: (project: string) =>
    `You chose not to share anything with ${project}. You can connect whenever you like.`,
  failed: (provider: string) => `${provider} could not be connected`,
  failedUnknown: (provider: string) => `${provider} gave no reason.`,
  failedNext: (project: string) =>
    `Nothing was changed. Try again; if it happens again, tell ${project}.`,
  expired: "The sign-in took too long",
  expiredDetail: "For your safety it was ended after ten minutes. Nothing was connected.",
  tryAgain: "Try again",
  signedOut: "You have been signed out",
  signedOutDetail: (project: string) =>
    `Your session with ${project} has ended. Close this, sign in again, and come back.`,

  accounts: "Accounts",
  unnamedAccount: (provider: string) => `${provider} account`,
  accountConnected: "Connected",
  accountInvalid: "Needs reconnecting",
  accountSince: (date: string) => `Connected on ${date}`,
  accountOf: (owner: string, since: string) => `${owner} · ${since}`,
  reconnect: "Reconnect",
  reconnectAccount: (account: string) => `Reconnect ${account}`,
  reconnectTitle: (provider: string) => `${provider} no longer accepts this connection`,
  reconnectDetail: (account: string, project: string) =>
    `Access was withdrawn or has ended, so ${project} cannot use ${account}. Reconnect to carry on; your settings are kept.`,
  disconnect: "Disconnect",
  disconnectAccount: (account: string) => `Disconnect ${account}`,
  disconnecting: "Disconnecting…",
  disconnectQuestion: (account: string) => `Disconnect ${account}?`,
  disconnectConsequence: (project: string) =>
    `${project} loses access to this account, what it does with it stops, and its settings here are deleted.`,
  disconnected: (account: string) => `${account} was disconnected.`,
  notRevoked: (account: string) => `${account} was disconnected here only`,
  notRevokedDetail: (provider: string, project: string) =>
    `${provider} did not confirm that it withdrew the access. To be sure, remove ${project} in your ${provider} settings.`,
  notDisconnected: (account: string) => `${account} could not be disconnected`,
  notDisconnectedNext: "It is still connected. Try again in a moment.",
};

export type Messages = typeof english;
