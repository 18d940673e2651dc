// The project's files as Jupyter's contents API has them: listed, read, made, saved without losing another writer's work, moved,
// and put into the home's trash. Knows no HTTP.
import type { Stats } from "node:fs";
import {
  access,
  constants,
  writeFile as fillFile,
  mkdir,
  readdir,
  readFile,
  rename as renameFile,
  stat,
} from "node:fs/promises";
import { posix } from "node:path";
import { quote } from "../../../lib/core/check.ts";
import { AlreadyExistsError, BadRequestError, ConflictError, NotFoundError } from "../../errors.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { copyFolder } from "./copy-folder.ts";
import {
  bytesOf,
  type ContentsFormat,
  type ContentsModel,
  type ContentsType,
  hashOf,
  modelOf,
  type Saved,
  withContent,
  withHash,
} from "./model.ts";
import { notebookText } from "./notebook-text.ts";
import { type Places, partsOf } from "./places.ts";
import { moveToTrash } from "./trash.ts";
import type { Uploads } from "./uploads.ts";
import { writeFile } from "./write-file.ts";

export interface ReadOptions {
  /** What the file is to be taken as. Default: by its name. */
  readonly type?: ContentsType | undefined;
  readonly format?: ContentsFormat | undefined;
  /** Default true. */
  readonly content?: boolean;
  /** Default false. */
  readonly hash?: boolean;
}

export interface SaveOptions extends Saved {
  /** What the file's bytes hashed to when they were read: refused when they are others now. */
  readonly hash?: string | null | undefined;
  /** Of a file that comes in parts: 1, 2, …, and -1 for the last. */
  readonly chunk?: number | null | undefined;
}

export interface NewOptions {
  readonly type: ContentsType;
  /** Default none. */
  readonly ext?: string | undefined;
}

export interface Contents {
  get(path: string, options?: ReadOptions): Promise<ContentsModel>;
  /** A new, untitled one in a folder. */
  create(folder: string, options: NewOptions): Promise<ContentsModel>;
  /** A file, or a folder with what is shown in it. */
  copy(from: string, folder: string): Promise<ContentsModel>;
  /** @returns the model with its new hash, and whether there was none before */
  save(path: string, options: SaveOptions): Promise<{ readonly model: ContentsModel; readonly isNew: boolean }>;
  rename(path: string, newPath: string): Promise<ContentsModel>;
  remove(path: string): Promise<void>;
  /** Where a file lies on disk. */
  fileOf(path: string): Promise<string>;
}

export interface ContentsParts {
  readonly places: Places;
  readonly checkpoints: Checkpoints;
  readonly uploads: Uploads;
  /** Folder that takes what is deleted. */
  readonly trash: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

const emptyNotebook = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
const statsAtOnce = 64;

export function createContents({ places, checkpoints, uploads, trash, clock }: ContentsParts): Contents {
  const placeOf = (path: string): string => places.placeOf(partsOf(path));
  const saving = new Map<string, Promise<unknown>>();

  async function get(path: string, options: ReadOptions = {}): Promise<ContentsModel> {
    const { type, format, content = true, hash = false } = options;
    const place = placeOf(path);
    const found = await statOf(place, path);
    const model = { ...modelOf(path, found, type), writable: await isWritable(place) };
    if (type !== undefined && (type === "directory") !== found.isDirectory()) throw otherKind(path, found, type);
    if (found.isDirectory()) return content ? { ...model, format: "json", content: await list(path, place) } : model;
    if (!content && !hash) return model;
    const bytes = await readFile(place);
    const hashed = hash ? withHash(model, bytes) : model;
    return content ? withContent(hashed, bytes, format) : hashed;
  }

  async function list(path: string, place: string): Promise<ContentsModel[]> {
    const names = (await readdir(place)).filter((name) => places.isShown(place, name)).sort();
    const models: ContentsModel[] = [];
    for (let i = 0; i < names.length; i += statsAtOnce) {
      const some = await Promise.all(names.slice(i, i + statsAtOnce).map((name) => entryOf(posix.join(path, name))));
      models.push(...some.filter((model) => model !== undefined));
    }
    return models;
  }

  /** Undefined for what is gone meanwhile, leads out of the project, or is no file. */
  async function entryOf(path: string): Promise<ContentsModel | undefined> {
    try {
      const found = await stat(placeOf(path));
      return found.isFile() || found.isDirectory() ? modelOf(path, found) : undefined;
    } catch {
      return undefined;
    }
  }

  async function create(folder: string, { type, ext = "" }: NewOptions): Promise<ContentsModel> {
    await requireFolder(folder);
    if (type === "directory") return makeFree(folder, { stem: "Untitled Folder", gap: " " }, (place) => mkdir(place));
    const isNotebook = type === "notebook";
    const text = isNotebook ? notebookText(emptyNotebook, "a new notebook") : "";
    const name = isNotebook ? { stem: "Untitled", ext: ".ipynb" } : { stem: "untitled", ext };
    return makeFree(folder, name, (place) => fillFile(place, text, { flag: "wx" }));
  }

  async function copy(from: string, folder: string): Promise<ContentsModel> {
    await requireFolder(folder);
    const isFolder = (await statOf(placeOf(from), from)).isDirectory();
    if (isFolder) requireInside(placeOf(from), from);
    const { name, ext, base } = posix.parse(from);
    const stem = (isFolder ? base : name).replace(/-Copy\d*$/, "");
    const isBeside = folderOf(from) === folder; // elsewhere it keeps its name where that is free
    const named = { stem, ext: isFolder ? "" : ext, gap: "-Copy", first: isBeside ? 1 : 0 };
    if (isFolder) return makeFree(folder, named, (place) => copyFolder(places, partsOf(from), place));
    const bytes = await readFile(await fileOf(from));
    return makeFree(folder, named, (place) => fillFile(place, bytes, { flag: "wx" }));
  }

  /** Under the first name of a row that is free: `Untitled`, `Untitled1`, … */
  async function makeFree(
    folder: string,
    { stem, ext = "", gap = "", first = 0 }: { stem: string; ext?: string; gap?: string; first?: number },
    make: (place: string) => Promise<unknown>,
  ): Promise<ContentsModel> {
    for (let number = first; ; number++) {
      const path = posix.join(folder, `${stem}${number === 0 ? "" : `${gap}${number}`}${ext}`);
      try {
        await make(placeOf(path));
        return await get(path, { content: false });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  /** Saves of one file go one after the other: the hash that is compared is that of the bytes that are replaced. */
  async function save(path: string, options: SaveOptions): ReturnType<Contents["save"]> {
    const place = placeOf(path);
    requireInside(place, path);
    await requireFolder(folderOf(path));
    if (options.chunk) return savePart(place, path, options.chunk, options);
    const before = saving.get(place) ?? Promise.resolve();
    const saved = before
      .catch(() => {})
      .then(() => (options.type === "directory" ? makeFolder(place) : saveFile(place, path, options)));
    saving.set(place, saved);
    const isNew = await saved.finally(() => saving.get(place) === saved && saving.delete(place));
    const { type } = options;
    return { model: await get(path, { content: false, hash: true, type }), isNew };
  }

  async function savePart(place: string, path: string, chunk: number, part: Saved): ReturnType<Contents["save"]> {
    if (part.type !== "file")
      throw new BadRequestError(`Cannot save ${quote(path)} in parts: found a ${part.type}, expected a file`);
    const isNew = !(await stat(place).catch(() => undefined));
    const found = await uploads.take(place, chunk, bytesOf(part, path));
    return { model: modelOf(path, found, "file"), isNew };
  }

  async function saveFile(place: string, path: string, { hash, ...saved }: SaveOptions): Promise<boolean> {
    const before = await readIfThere(place);
    if (hash && before && hashOf(before) !== hash)
      throw new ConflictError(
        `Cannot save ${quote(path)}: found that somebody else changed it, expected it as it was read`,
      );
    const bytes = bytesOf(saved, path, before);
    if (!before?.equals(bytes)) await writeFile(place, bytes);
    return before === undefined;
  }

  async function rename(path: string, newPath: string): Promise<ContentsModel> {
    const [from, to] = [placeOf(path), placeOf(newPath)];
    requireInside(from, path);
    requireInside(to, newPath);
    await statOf(from, path);
    await requireFolder(folderOf(newPath));
    if (from === to) return get(path, { content: false });
    if (await stat(to).catch(() => undefined))
      throw new AlreadyExistsError(
        `Cannot rename ${quote(path)}: found ${quote(newPath)} there already, expected a free name`,
      );
    await renameFile(from, to);
    await checkpoints.move(path, newPath);
    return get(newPath, { content: false });
  }

  async function remove(path: string): Promise<void> {
    const place = placeOf(path);
    requireInside(place, path);
    await statOf(place, path);
    await moveToTrash(place, trash, clock());
    await checkpoints.forget(path);
  }

  async function fileOf(path: string): Promise<string> {
    const place = placeOf(path);
    const found = await statOf(place, path);
    if (found.isFile()) return place;
    throw otherKind(path, found, "file");
  }

  async function requireFolder(path: string): Promise<void> {
    const found = await statOf(placeOf(path), path);
    if (!found.isDirectory()) throw otherKind(path, found, "directory");
  }

  function requireInside(place: string, path: string): void {
    if (place === places.root)
      throw new BadRequestError(`Cannot change ${quote(path)}: found the project's folder, expected something in it`);
  }

  return { get, create, copy, save, rename, remove, fileOf };
}

function folderOf(path: string): string {
  return partsOf(path).slice(0, -1).join("/");
}

async function statOf(place: string, path: string): Promise<Stats> {
  const found = await stat(place).catch(() => undefined);
  if (found) return found;
  throw new NotFoundError(`Cannot find ${quote(path)}: expected a file or folder of the project`);
}

function otherKind(path: string, found: Stats, expected: ContentsType): BadRequestError {
  const [is, should] = [found.isDirectory() ? "directory" : "file", expected].map((type) =>
    type === "directory" ? "a folder" : `a ${type}`,
  );
  return new BadRequestError(`Cannot use ${quote(path)}: found ${is}, expected ${should}`);
}

async function isWritable(place: string): Promise<boolean> {
  return access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function makeFolder(place: string): Promise<boolean> {
  try {
    await mkdir(place);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

async function readIfThere(place: string): Promise<Buffer | undefined> {
  try {
    return await readFile(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
