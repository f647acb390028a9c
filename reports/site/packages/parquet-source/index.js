// SPDX-License-Identifier: Apache-2.0
// Evidence connector: each *.parquet of one folder is a table, each *.sql of the source a query.
//
// The folder comes from the option `directory`; reports/portal.py sets it for the run through
// Evidence's own variable EVIDENCE_SOURCE__<source>__directory. Nothing else can be read.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export const options = {
	directory: { title: 'Ordner', type: 'string', required: true, description: 'Parquet-Dateien' }
};

export const testConnection = async ({ directory }) => {
	const files = await readdir(directory);
	return files.some((f) => f.endsWith('.parquet')) || { reason: `Keine Parquet-Datei in ${directory}` };
};

const evidenceType = (type) => {
	if (/^(VARCHAR|UUID)/.test(type)) return 'string';
	if (/^BOOLEAN/.test(type)) return 'boolean';
	if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|DOUBLE|FLOAT)/.test(type)) return 'number';
	throw new Error(`Spalte vom Typ ${type}: in der Quellabfrage umwandeln (Beträge in ganze Cent)`);
};

const plain = (value) => (typeof value === 'bigint' ? Number(value) : value);

export const getRunner = async ({ directory }) => {
	const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
	const connection = await instance.connect();
	for (const file of (await readdir(directory)).filter((f) => f.endsWith('.parquet')).sort()) {
		const source = path.join(directory, file).replaceAll("'", "''");
		await connection.run(
			`CREATE VIEW "${file.slice(0, -'.parquet'.length)}" AS SELECT * FROM read_parquet('${source}')`
		);
	}
	return async (sql) => {
		const reader = await connection.runAndReadAll(sql);
		const columnTypes = reader.columnNames().map((name, i) => ({
			name,
			evidenceType: evidenceType(reader.columnType(i).toString()),
			typeFidelity: 'precise'
		}));
		const rows = reader
			.getRowObjectsJS()
			.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])));
		return { rows, columnTypes };
	};
};
