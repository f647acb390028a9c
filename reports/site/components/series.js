// SPDX-License-Identifier: Apache-2.0
// Turns rows of one source query (place, month, value, status …) into what charts and tables show.

/** Distinct values in the order in which they first appear. */
export const distinct = (rows, column) => [...new Set(rows.map((row) => row[column]))];

/** The latest month of the rows, or undefined. */
export const latest = (rows) => rows.map((row) => row.month).sort().at(-1);

/** First row whose columns have the given values, or undefined. */
export const pick = (rows, wanted) =>
	rows.find((row) => Object.entries(wanted).every(([column, value]) => row[column] === value));

/** Whether a row is about the whole town or all trades. */
export const isWhole = (row) => row.quarter_id === 'ALLE' || row.trade_group === 'ALLE';

/** Whether the intervals of two rows do not meet: their difference is more than uncertainty. */
export const apart = (a, b) => a.low > b.high || b.low > a.high;

/**
 * Rows as lines of a chart, the whole first.
 *
 * @returns {{labels: string[], series: {name: string, town: boolean, values: (number|null)[]}[]}}
 */
export function lines(rows) {
	const labels = distinct(rows, 'month').sort();
	const series = distinct(rows, 'place').map((place) => ({
		name: place,
		town: isWhole(pick(rows, { place })),
		values: labels.map((month) => pick(rows, { place, month })?.value ?? null)
	}));
	return { labels, series };
}

/**
 * Whether two values of the index may be subtracted: they rest on components of the same weight.
 * Other measures have no such weight and always may.
 */
export const comparable = (a, b) =>
	Math.abs((a?.weight_available ?? 0) - (b?.weight_available ?? 0)) < 1e-9;

/** Places whose index rests on fewer components in some months: [{place, months}]. */
export function narrower(rows) {
	return distinct(rows, 'place')
		.map((place) => {
			const own = rows.filter((row) => row.place === place && row.value !== null);
			const full = Math.max(...own.map((row) => row.weight_available ?? 0));
			const few = own.filter((row) => !comparable(row, { weight_available: full }));
			return { place, months: few.map((row) => row.month) };
		})
		.filter(({ months }) => months.length);
}

/** Why cells of a table are empty, each reason once: [{status, reason}]. */
export function gaps(rows) {
	const seen = new Map();
	for (const { status, reason } of rows) {
		if (status === 'veröffentlicht') continue;
		const key = `${status}|${reason}`;
		if (!seen.has(key)) seen.set(key, { status, reason });
	}
	return [...seen.values()];
}
