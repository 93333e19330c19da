import { messageOf } from "../api/request.ts";
import { navigate, pageHref, viewHrefs } from "../state/router.ts";
import { useWorkspace } from "./workspace.ts";

/** What can be done with a page from anywhere, with messages about how it went. */
export function usePageActions() {
  const { createPage, trashPage, restorePage, notices } = useWorkspace();
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      notices.tellError(messageOf(error));
    }
  };

  const restore = (id: string, title: string) =>
    attempt(async () => {
      await restorePage(id);
      notices.tell(`“${title}” is back.`, {
        label: "Open",
        run: () => navigate(pageHref(id, title)),
      });
    });

  return {
    create: (parentId?: string) =>
      attempt(async () => navigate(pageHref(await createPage(parentId)))),
    restore,
    trash: (id: string, title: string, isOpen: boolean) =>
      attempt(async () => {
        await trashPage(id);
        if (isOpen) navigate(viewHrefs.home);
        notices.tell(`“${title}” is in the trash.`, {
          label: "Undo",
          run: () => void restore(id, title),
        });
      }),
  };
}
