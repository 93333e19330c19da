import type { PortalApi, Site } from "../api/portal-api.ts";
import type { SdkUser } from "../sdk/host-state.ts";

const retryMs = 3000;

interface Wanted {
  user: SdkUser;
  /** The page's. */
  origin: string;
  /** The integration to show. */
  type: string | undefined;
}

/**
 * Reads, once per project, whether the page may show the portal and what to show in it.
 * - Read ahead of the first `connect()`, so that the dialog opens at once.
 * - A read that fails leaves the portal hidden. It is repeated while something is to be shown.
 * - An integration that the project did not have then is looked up once more.
 */
export class SiteReader {
  readonly #api: PortalApi;
  readonly #onRead: () => void;
  #wanted: Wanted | undefined;
  #projectId: string | undefined;
  #site: Site | undefined;
  #missing = new Set<string>();
  #isReading = false;

  constructor(api: PortalApi, onRead: () => void) {
    this.#api = api;
    this.#onRead = onRead;
  }

  /** The page's project, once read. */
  get site(): Site | undefined {
    return this.#site;
  }

  /** Says for whom, and for which integration if any; reads what is not known yet. */
  want(wanted: Wanted | undefined): void {
    this.#wanted = wanted;
    if (!wanted) return;
    if (this.#projectId !== wanted.user.projectId) {
      this.#projectId = wanted.user.projectId;
      this.#site = undefined;
      this.#missing.clear();
    }
    if (!this.#isReading && this.#isNeeded(wanted.type)) void this.#read(wanted);
  }

  #isNeeded(type: string | undefined): boolean {
    if (!this.#site) return true;
    return type !== undefined && !this.#site.integrations.has(type) && !this.#missing.has(type);
  }

  async #read({ user, origin }: Wanted): Promise<void> {
    this.#isReading = true;
    try {
      const site = await this.#api.readSite(user, origin);
      if (user.projectId === this.#projectId) this.#keep(site, origin);
    } catch (error) {
      console.warn("The Connect Portal could not be prepared.", error);
      if (this.#wanted?.type !== undefined) setTimeout(() => this.want(this.#wanted), retryMs);
    } finally {
      this.#isReading = false;
    }
    if (user.projectId !== this.#projectId) this.want(this.#wanted);
    this.#onRead();
  }

  #keep(site: Site, origin: string): void {
    this.#site = site;
    const type = this.#wanted?.type;
    if (!site.isAllowed) {
      console.error(
        `The Connect Portal stays hidden: ${origin} is not among the allowed origins of this ` +
          "project. Add it to the project's allowed origins, then reload the page.",
      );
    } else if (type !== undefined && !site.integrations.has(type)) {
      this.#missing.add(type);
      console.error(`The Connect Portal stays hidden: the project has no integration "${type}".`);
    }
  }
}
