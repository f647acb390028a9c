// SPDX-License-Identifier: Apache-2.0
// The query engine of Evidence's pages while they are rendered, at build time only.
//
// Svelte renders synchronously and DuckDB's module answers asynchronously, so the connection lives
// in a worker and this thread sleeps until the answer is there. There is no browser variant: every
// table and every figure is in the HTML, and no page carries a program.

import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';

/** Longest wait for one statement, in milliseconds; the tables have a few thousand rows. */
const PATIENCE = 60_000;

let port;
let flag;

/** Starts the engine; later calls do nothing. */
export async function initDB() {
	if (port) return;
	const signal = new SharedArrayBuffer(4);
	flag = new Int32Array(signal);
	const channel = new MessageChannel();
	port = channel.port1;
	const worker = new Worker(new URL('./engine.js', import.meta.url), {
		workerData: { port: channel.port2, signal },
		transferList: [channel.port2]
	});
	worker.unref();
	port.unref();
}

/**
 * Makes each parquet file readable as "source"."table".
 *
 * @param {Record<string, string[]>} files source name to paths, as in Evidence's manifest
 */
export async function setParquetURLs(files) {
	for (const [source, paths] of Object.entries(files)) {
		query(`CREATE SCHEMA IF NOT EXISTS "${source}"`);
		for (const file of paths) {
			const table = file.split(/[\\/]/).at(-1).slice(0, -'.parquet'.length);
			query(
				`CREATE OR REPLACE VIEW "${source}"."${table}" AS ` +
					`SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`
			);
		}
	}
}

const EVIDENCE_TYPES = [
	[/^(VARCHAR|UUID|JSON)/, 'string'],
	[/^BOOLEAN/, 'boolean'],
	[/^(DATE|TIMESTAMP)/, 'date'],
	[/INT|^(DOUBLE|FLOAT|DECIMAL)/, 'number']
];

/**
 * Runs one statement and waits for it.
 *
 * @param {string} sql
 * @returns {Record<string, unknown>[]} rows, with their column types as Evidence wants them
 * @throws {Error} with DuckDB's message and the statement
 */
export function query(sql) {
	Atomics.store(flag, 0, 0);
	port.postMessage(sql);
	if (Atomics.wait(flag, 0, 0, PATIENCE) === 'timed-out') {
		throw new Error(`No answer within ${PATIENCE / 1000} s: ${sql}`);
	}
	const { rows, columns, error } = receiveMessageOnPort(port).message;
	if (error) throw new Error(error);
	Object.defineProperty(rows, '_evidenceColumnTypes', {
		enumerable: false,
		value: columns.map(([name, type]) => ({
			name,
			evidenceType: EVIDENCE_TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'string',
			typeFidelity: 'precise'
		}))
	});
	return rows;
}
