// @ts-check
// The order of the table's rows, and which of them are shown.

/** @import { ColumnName, Row } from "./table_rows.js" */

const NUMBERS = ["total", "self", "share", "count"];

/** @param {ColumnName} column */
export function isNumber(column) {
  return NUMBERS.includes(column);
}

/**
 * The column that rows are sorted by, and whether the greatest is first.
 * @typedef {{ column: ColumnName, isDown: boolean }} Order
 */

/**
 * The order that an address says, or the usual one.
 * @param {string} text
 * @param {ColumnName[]} columns
 * @returns {Order}
 */
export function orderIn(text, columns) {
  const [wanted, way] = text.split("-");
  const column = columns.find((one) => one === wanted);
  if (column) return { column, isDown: way !== "up" };
  return { column: columns.includes("total") ? "total" : "self", isDown: true };
}

/**
 * The order once a column's title is pressed, as an address says it.
 * @param {ColumnName} column
 * @param {Order} order
 */
export function orderAfter(column, order) {
  const isDown = column === order.column ? !order.isDown : isNumber(column);
  return `${column}-${isDown ? "down" : "up"}`;
}

/**
 * @param {Row[]} rows
 * @param {Order} order
 * @param {string[]} phases names by number
 */
export function sorted(rows, { column, isDown }, phases) {
  /** @type {(row: Row) => string | number} */
  const key = (row) => {
    if (column === "phase") return phases[row.phase] ?? "";
    return row[column === "share" ? "total" : column];
  };
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return (x < y ? -1 : x > y ? 1 : 0) * (isDown ? -1 : 1);
  });
}

/**
 * Rows whose name or module is searched, and whose phase is picked out.
 * @param {Row[]} rows
 * @param {((text: string) => boolean) | null} test
 * @param {number} phase -1 for all
 */
export function filtered(rows, test, phase) {
  return rows.filter(
    (row) => (!test || test(row.name) || test(row.module)) && (phase < 0 || row.phase === phase),
  );
}
