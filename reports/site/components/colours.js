// SPDX-License-Identifier: Apache-2.0
// One colour and one dash per place, the same in every chart; the town is always the dark thick line.

const QUARTERS = [
	{ colour: 'var(--q1)', dash: '' },
	{ colour: 'var(--q2)', dash: '7 4' },
	{ colour: 'var(--q3)', dash: '2 4' },
	{ colour: 'var(--q4)', dash: '10 4 2 4' }
];

/** Look of the n-th series; `town` marks the whole town or the sum of all. */
export function look(index, town) {
	if (town) return { colour: 'var(--town)', dash: '', width: 3.2 };
	return { ...QUARTERS[index % QUARTERS.length], width: 2 };
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
