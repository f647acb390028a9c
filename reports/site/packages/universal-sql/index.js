// SPDX-License-Identifier: Apache-2.0
// What `evidence sources` needs of universal-sql: write the rows of a source query as parquet.
//
// Evidence's own package decodes parquet with duckdb-wasm, which fetches its parquet reader from
// a foreign host at run time and hangs without it. DuckDB's native module carries the reader.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const TYPES = { number: 'DOUBLE', string: 'VARCHAR', boolean: 'BOOLEAN', date: 'TIMESTAMP' };

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

/**
 * Writes one source query's result to `outDir/outputFilename`.
 *
 * @param {{name: string, evidenceType: keyof typeof TYPES}[]} columns
 * @param {Record<string, unknown>[]} rows
 * @param {string} tmpDir folder for the intermediate file
 * @param {string} outDir
 * @param {string} outputFilename ends in .parquet
 * @returns {Promise<number>} rows written
 */
export async function buildMultipartParquet(columns, rows, tmpDir, outDir, outputFilename) {
	await mkdir(tmpDir, { recursive: true });
	await mkdir(outDir, { recursive: true });
	const lines = path.join(tmpDir, `${outputFilename}.json`);
	await writeFile(lines, rows.map((row) => JSON.stringify(row)).join('\n'));
	const spec = columns.map((c) => `${quoted(c.name)}: ${quoted(TYPES[c.evidenceType])}`).join(', ');
	const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
	const connection = await instance.connect();
	await connection.run(
		`COPY (SELECT * FROM read_json(${quoted(lines)}, format = 'newline_delimited', ` +
			`columns = {${spec}})) TO ${quoted(path.join(outDir, outputFilename))} ` +
			`(FORMAT parquet, COMPRESSION zstd)`
	);
	connection.closeSync();
	await rm(lines);
	return rows.length;
}
