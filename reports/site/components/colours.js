// SPDX-License-Identifier: Apache-2.0
// One colour and one dash per line, the same in every chart; the town is always the dark thick line.

const LINES = [
	{ colour: 'var(--q1)', dash: '' },
	{ colour: 'var(--q2)', dash: '7 4' },
	{ colour: 'var(--q3)', dash: '2 4' },
	{ colour: 'var(--q4)', dash: '10 4 2 4' },
	{ colour: 'var(--q5)', dash: '14 3' },
	{ colour: 'var(--q6)', dash: '4 2 1 2' },
	{ colour: 'var(--q7)', dash: '1 3' }
];

/** Look of the n-th series; `town` marks the whole town or the sum of all. */
export function look(index, town) {
	if (town) return { colour: 'var(--town)', dash: '', width: 3.2 };
	return { ...LINES[index % LINES.length], width: 2 };
}

/** Round steps for an axis from the lowest to the highest value: at most about five. */
export function ticks(low, high) {
	const span = high - low || 1;
	const power = 10 ** Math.floor(Math.log10(span / 4));
	const step = [1, 2, 5, 10].map((f) => f * power).find((s) => span / s <= 5) ?? power * 10;
	const first = Math.floor(low / step) * step;
	const count = Math.ceil((high - first) / step - 1e-9);
	return Array.from({ length: count + 1 }, (_, i) => Number((first + i * step).toPrecision(12)));
}
