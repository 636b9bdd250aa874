// Older patch releases in the table: each range of them that differs is a column of its own.

import type { Compat } from "./engine";

type Row = Compat["files"][number];
type Forecast = Row["forecasts"][number];

/** The same rows with a forecast for each release, and before it one for each range of older patches that differ in some row. */
export function byPatches(rows: Row[]): Row[] {
  return rows.map((row) => ({ ...row, forecasts: row.forecasts.flatMap((forecast, i) => [...ranges(rows, i).map((range) => older(forecast, range)), forecast]) }));
}

/** The ranges in the column of a release, oldest first. */
function ranges(rows: Row[], column: number): string[] {
  const all = rows.flatMap((row) => row.forecasts[column]?.patches ?? []).map((patches) => patches.releases);
  const distinct = [...new Set(all)].sort((a, b) => compare(first(a), first(b)) || compare(last(a), last(b)));
  // One that another row splits is there in parts.
  const isSplit = (range: string) => {
    const others = distinct.filter((other) => other !== range);
    return others.some((other) => first(other) === first(range) && compare(last(other), last(range)) < 0) && others.some((other) => last(other) === last(range) && compare(first(other), first(range)) > 0);
  };
  return distinct.filter((range) => !isSplit(range));
}

/** What the patches of a range do: they are as the release is in a row in which they do not differ. */
function older(forecast: Forecast, range: string): Forecast {
  const patch = first(range);
  const own = forecast.patches.find(({ releases }) => compare(first(releases), patch) <= 0 && compare(patch, last(releases)) <= 0);
  return { ...forecast, ...own, release: range.replace("..", " to "), patches: [] };
}

function first(range: string): string {
  return range.split("..")[0] ?? range;
}

function last(range: string): string {
  return range.split("..")[1] ?? range;
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
