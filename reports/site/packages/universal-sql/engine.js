// SPDX-License-Identifier: Apache-2.0
// The worker behind client.js: owns the DuckDB connection and answers one statement at a time.
//
// Numbers leave as JavaScript numbers. That is exact for counts and integer cents up to 2^53;
// decimals are shown to two places at most, so sources hand money over as integer cents.

import { workerData } from 'node:worker_threads';
import { DuckDBInstance } from '@duckdb/node-api';

const { port, signal } = workerData;
const flag = new Int32Array(signal);

const instance = await DuckDBInstance.create(':memory:', {
	threads: '1',
	autoinstall_known_extensions: 'false',
	autoload_known_extensions: 'false'
});
const connection = await instance.connect();

const plain = (value) => (typeof value === 'bigint' ? Number(value) : value);

async function answer(sql) {
	try {
		const reader = await connection.runAndReadAll(sql);
		const rows = reader
			.getRowObjectsJS()
			.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])));
		const columns = reader.columnNames().map((name, i) => [name, reader.columnType(i).toString()]);
		return { rows, columns };
	} catch (error) {
		return { error: `${error.message}\n${sql}` };
	}
}

port.on('message', async (sql) => {
	port.postMessage(await answer(sql));
	Atomics.store(flag, 0, 1);
	Atomics.notify(flag, 0);
});
