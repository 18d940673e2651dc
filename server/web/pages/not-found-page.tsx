// An address that leads nowhere.
import { Link } from "@tanstack/react-router";
import { NoticePage } from "../parts/notice-page.tsx";

export function NotFoundPage() {
  return (
    <NoticePage title="There is no such page">
      <p>
        Nothing lives at <code>{window.location.pathname}</code>. The link may be older than what it pointed to.
      </p>
      <Link to="/">Go to Home</Link>
    </NoticePage>
  );
}
