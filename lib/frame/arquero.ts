// The frame is an arquero table. What its verbs are written with comes through here, so that a notebook imports one package.
export { agg, desc, escape, not, op, rolling } from "arquero";
