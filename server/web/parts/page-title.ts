// The browser tab's title follows the page.
import { useEffect } from "react";

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Cellwright`;
  }, [title]);
}
