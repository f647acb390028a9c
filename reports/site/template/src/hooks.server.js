// SPDX-License-Identifier: Apache-2.0
// Takes out of the finished HTML what Evidence writes for a network the cooperative is not on.

const FOREIGN_CARD = /<meta name="twitter:[^>]*>\s*/g;

/** @type {import('@sveltejs/kit').Handle} */
export const handle = ({ event, resolve }) =>
	resolve(event, { transformPageChunk: ({ html }) => html.replace(FOREIGN_CARD, '') });
