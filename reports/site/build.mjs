// SPDX-License-Identifier: Apache-2.0
// Builds the pages, in a work folder that reports/portal.py has filled: node build.mjs
//
// Does what `evidence build` does, without its template and its file watchers. The template reads
// local storage on every visit, says lang="en" and ships a program of several megabytes; the
// watchers copy pages while Vite is already reading them.

import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';

const site = process.cwd();
const template = path.join(site, '.evidence', 'template');

const PUBLISHED = /^data(\/release(\/[a-z_]+\.parquet)?)?$/;

/** Evidence's naming: index.md is the folder's page, name.md a page of its own. */
const routeOf = (page) =>
	path.basename(page) === 'index.md'
		? path.join(path.dirname(page), '+page.md')
		: path.join(page.slice(0, -'.md'.length), '+page.md');

async function assemble() {
	await rm(path.join(template, 'src'), { recursive: true, force: true });
	await rm(path.join(template, 'build'), { recursive: true, force: true });
	await rm(path.join(template, '.svelte-kit'), { recursive: true, force: true });
	await cp('template', template, { recursive: true });
	await cp('components', path.join(template, 'src', 'components'), { recursive: true });
	await cp('static', path.join(template, 'static'), { recursive: true });
	for (const page of (await readdir('pages', { recursive: true })).sort()) {
		if (!page.endsWith('.md')) continue;
		await cp(path.join('pages', page), path.join(template, 'src', 'pages', routeOf(page)));
	}
}

/** Addresses within the portal become relative: it works under any path, and opened from a disk. */
const relative = {
	'.html': (text, file) => {
		const up = '../'.repeat(file.split('/').length - 1) || './';
		return text.replace(/(href|src)="\/([^"#]*)/g, (_, attribute, target) => {
			const page = target === '' || target.endsWith('/');
			return `${attribute}="${up}${target}${page ? 'index.html' : ''}`;
		});
	},
	'.css': (text) => text.replaceAll(/url\((["']?)\/_app\/immutable\/assets\//g, 'url($1')
};

async function collect() {
	const built = path.join(template, 'build');
	const out = path.join(site, 'build');
	await rm(out, { recursive: true, force: true });
	// Scripts are needed by no page; of data/ only the released tables as handed over are published
	const wanted = (file) => {
		const name = path.relative(built, file).split(path.sep).join('/');
		if (name === 'data' || name.startsWith('data/')) return PUBLISHED.test(name);
		return !/\.(js|mjs|map)$/.test(name) && path.basename(name) !== 'version.json';
	};
	await cp(built, out, { recursive: true, filter: wanted });
	for (const file of await readdir(out, { recursive: true })) {
		const rewrite = relative[path.extname(file)];
		if (!rewrite) continue;
		const full = path.join(out, file);
		const text = await readFile(full, 'utf-8');
		await writeFile(full, rewrite(text, file.split(path.sep).join('/')));
	}
}

await assemble();
process.chdir(template);
await build();
await collect();
