// The address names a model that is not there.
import { Link } from "@tanstack/react-router";
import { NoticePage } from "../../parts/notice-page.tsx";

export function NoSuchModel({ name }: { name: string }) {
  return (
    <NoticePage title={`There is no model ${name}`}>
      <p>
        It may have another name, or was never deployed. Deploy one with <code>cellwright deploy … --name {name}</code>.
      </p>
      <Link to="/models">See all models</Link>
    </NoticePage>
  );
}
