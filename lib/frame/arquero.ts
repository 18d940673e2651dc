// The frame is an arquero table. What its verbs are written with comes through here, so that a notebook imports one package.
export { agg, bin, desc, escape, field, frac, names, not, op, range, rolling } from "arquero";
