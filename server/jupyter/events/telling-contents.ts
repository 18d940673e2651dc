// The project's files, telling of what is done to them: the same actions by the same names as Jupyter Server's contents manager,
// and only of what has succeeded.
import type { Contents } from "../contents/contents.ts";
import type { Events } from "./events.ts";
import { type ContentsAction, contentsEvent } from "./schemas.ts";

export function tellingContents(contents: Contents, events: Events): Contents {
  const tell = (action: ContentsAction, path: string, source_path?: string): void =>
    events.emit(contentsEvent, { action, path, ...(source_path !== undefined && { source_path }) });
  return {
    ...contents,
    async get(path, options) {
      const model = await contents.get(path, options);
      tell("get", path);
      return model;
    },
    /** A new file is a first save, there as here. */
    async create(folder, options) {
      const model = await contents.create(folder, options);
      tell("save", model.path);
      return model;
    },
    async copy(from, folder) {
      const model = await contents.copy(from, folder);
      tell("copy", model.path, from);
      return model;
    },
    async save(path, options) {
      const saved = await contents.save(path, options);
      tell("save", path);
      return saved;
    },
    async rename(path, newPath) {
      const model = await contents.rename(path, newPath);
      tell("rename", newPath, path);
      return model;
    },
    async remove(path) {
      await contents.remove(path);
      tell("delete", path);
    },
  };
}
