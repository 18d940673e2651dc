// A saved estimator or pipeline, ready to predict.
import type { Classifier } from "../models/classifier.ts";
import { classifierFromJSON } from "../models/from-json.ts";
import { readModelFolder } from "./read-model-folder.ts";

/**
 * @param name as given to `writeModelFolder`
 * @throws Error there is no such folder, it is damaged, or it holds no classifier
 */
export function loadClassifier(name: string): Classifier {
  return classifierFromJSON(readModelFolder(name).state);
}
