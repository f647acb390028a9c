// SPDX-License-Identifier: Apache-2.0
// SvelteKit as Evidence sets it up: its preprocessor turns Markdown with SQL into pages. Left out:
// Tailwind, and everything a browser would have to run.

import preprocess from '@evidence-dev/preprocess';
import adapter from '@sveltejs/adapter-static';
import autoImport from 'sveltekit-autoimport';

const components = autoImport({
	include: ['**/*.(svelte|md)'],
	components: [{ directory: './src/components', flat: true }]
});

/** Markdown pages use every component without saying so; Svelte files import what they need. */
const injectComponents = {
	markup: (page) => (page.filename?.endsWith('.md') ? components.markup(page) : undefined)
};

export default {
	extensions: ['.svelte', '.md'],
	preprocess: [...preprocess(false), injectComponents],
	kit: {
		adapter: adapter({ pages: './build', strict: false }),
		files: { routes: 'src/pages', lib: 'src/components' },
		paths: { relative: false },
		// SvelteKit would write the clock here; the same inputs have to give the same bytes
		version: { name: process.env.PORTAL_INPUTS ?? 'unversioned' }
	}
};
