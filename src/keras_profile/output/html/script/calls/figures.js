// @ts-check
// Figures of measured calls: percentiles, collections, and the lines across their chart.

/**
 * The value below which a part of sorted values lies, as the report has it: between two by line.
 * @param {number[]} sorted not empty
 * @param {number} part
 */
export function quantile(sorted, part) {
  const at = (sorted.length - 1) * part;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

/**
 * Values for lines across a logarithmic axis.
 * @param {number} low
 * @param {number} high
 */
export function gridValues(low, high) {
  const found = [];
  for (let size = 10 ** Math.floor(Math.log10(low)); size <= high; size *= 10) {
    for (const factor of gridFactors(high / low)) {
      if (size * factor >= low && size * factor <= high) found.push(size * factor);
    }
  }
  return found.length > 7 ? found.filter((_, at) => at % 2 === 0) : found;
}

/** @param {number} ratio of the ends of the axis */
function gridFactors(ratio) {
  if (ratio > 30) return [1];
  if (ratio > 2.5) return [1, 2, 5];
  return [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9];
}
