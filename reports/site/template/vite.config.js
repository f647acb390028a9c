// SPDX-License-Identifier: Apache-2.0
// Vite's part of the build. Scripts are thrown away afterwards, so nothing is spent on making them small.

import { configVirtual } from '@evidence-dev/sdk/build/vite';
import { sveltekit } from '@sveltejs/kit/vite';

export default {
	plugins: [sveltekit(), configVirtual()],
	build: { minify: false, cssMinify: true, sourcemap: false, reportCompressedSize: false },
	ssr: { external: ['@evidence-dev/universal-sql'] },
	logLevel: 'warn'
};
