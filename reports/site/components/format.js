// SPDX-License-Identifier: Apache-2.0
// German numbers, amounts and dates for the portal's pages. Values arrive as numbers, amounts as
// integer cents, months as "2026-10", days as "2026-11-14"; an absent value gives an en dash. The same
// texts as foundation/formats.py, which a test holds; a no-break space stands before signs.

const MONTHS = [
	'Januar',
	'Februar',
	'März',
	'April',
	'Mai',
	'Juni',
	'Juli',
	'August',
	'September',
	'Oktober',
	'November',
	'Dezember'
];

export const NOTHING = '–';
const SPACE = '\u00a0';
const absent = (value) => value === null || value === undefined || Number.isNaN(value);

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, '.');

/** 1234.56 with two digits → "1.234,56"; rounds half away from zero. */
export function number(value, digits = 0) {
	if (absent(value)) return NOTHING;
	const factor = 10 ** digits;
	// The last binary digit must not decide whether 0.125 is rounded up
	const scaled = Math.round(Number((Math.abs(value) * factor).toPrecision(15)));
	const text = String(scaled).padStart(digits + 1, '0');
	const whole = grouped(digits ? text.slice(0, -digits) : text);
	const sign = value < 0 && scaled > 0 ? '-' : '';
	return sign + whole + (digits ? `,${text.slice(-digits)}` : '');
}

/** With its sign, for differences: "+1,2", "−0,4", "±0,0". */
export function signed(value, digits = 0) {
	if (absent(value)) return NOTHING;
	const text = number(value, digits);
	if (/^[0,.]+$/.test(text)) return `±${text}`;
	return value > 0 ? `+${text}` : text.replace('-', '−');
}

/** Integer cents → "1.234,56 €". */
export const euro = (cents) => (absent(cents) ? NOTHING : `${number(cents / 100, 2)}${SPACE}€`);

/** Share 0..1 → "12,3 %". */
export const percent = (share, digits = 1) =>
	absent(share) ? NOTHING : `${number(share * 100, digits)}${SPACE}%`;

/** "2026-10" → "Oktober 2026". */
export function month(text) {
	if (!text) return NOTHING;
	const [year, number_] = text.split('-');
	return `${MONTHS[Number(number_) - 1]} ${year}`;
}

/** "2026-10" → "Okt 26", for axes and narrow tables. */
export function monthShort(text) {
	if (!text) return NOTHING;
	const [year, number_] = text.split('-');
	return `${MONTHS[Number(number_) - 1].slice(0, 3)} ${year.slice(2)}`;
}

/** "2026-11-14" or an instant beginning so → "14.11.2026". */
export function day(text) {
	if (!text) return NOTHING;
	const [year, month_, day_] = text.slice(0, 10).split('-');
	return `${day_}.${month_}.${year}`;
}

/** The month twelve months earlier: "2026-10" → "2025-10". */
export function yearBefore(text) {
	const [year, month_] = text.split('-');
	return `${Number(year) - 1}-${month_}`;
}

/** Value of an index component in its unit. */
export function inUnit(value, unit) {
	if (absent(value)) return NOTHING;
	if (unit === 'Anteil') return percent(value);
	if (unit === 'EUR') return euro(Math.round(value * 100));
	// "€ je Einkauf"
	if (unit?.startsWith('€')) return euro(Math.round(value * 100)) + unit.slice(1);
	return unit ? `${number(value, 1)}${SPACE}${unit}` : number(value, 1);
}
