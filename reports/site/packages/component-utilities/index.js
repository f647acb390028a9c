// SPDX-License-Identifier: Apache-2.0
// What Evidence's preprocessor imports into every page, and nothing more.
//
// Evidence's own package brings charts on canvas, American number formats and icon collections;
// the portal draws its charts as SVG and writes numbers itself (components/format.js).

import { writable } from 'svelte/store';

export const pageHasQueries = writable(false);
export const routeHash = writable('');
/** Pop-up messages of Evidence's development server; finished pages have none. */
export const toasts = { add: () => undefined };
export const CUSTOM_FORMATTING_SETTINGS_CONTEXT_KEY = 'customFormattingSettings';
/** Numbers are written by components/format.js, so values pass unchanged. */
export const fmt = (value) => value;
export const profile = (work, ...values) => work(...values);
/** Inputs that query while the reader types do not exist here. */
export const setQueryFunction = () => undefined;
