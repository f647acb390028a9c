// SPDX-License-Identifier: Apache-2.0
// Hands every page the query function that Evidence's preprocessor expects. Pages are rendered
// once, at build time, and carry no program: no cookie, no storage, no request after loading.

import { setTrackProxy } from '@evidence-dev/sdk/usql';

export const ssr = true;
export const csr = false;
// Not true: where no table is released yet there is no page of the kind woher/<table> to be found.
export const prerender = 'auto';
export const trailingSlash = 'always';

const engine = import.meta.env.SSR
	? import('@evidence-dev/universal-sql/client-duckdb').then(async (usql) => {
			const { readFile } = await import('node:fs/promises');
			const manifest = JSON.parse(await readFile('static/data/manifest.json', 'utf-8'));
			await usql.initDB();
			await usql.setParquetURLs(manifest.renderedFiles);
			return usql;
		})
	: undefined;

/** @type {import('@sveltejs/kit').LayoutLoad} */
export const load = async () => {
	const { query } = await engine;
	const unset = { label: '', value: '(SELECT NULL WHERE 0)' };
	return {
		__db: { query: (sql, { callback = (rows) => rows } = {}) => callback(query(sql)) },
		inputs: setTrackProxy(unset),
		data: {},
		customFormattingSettings: { customFormats: [] },
		cooperative: query('SELECT * FROM board.cooperative')[0]
	};
};
