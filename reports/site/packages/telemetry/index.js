// SPDX-License-Identifier: Apache-2.0
// A cooperative does not report home: the program that would do so is not installed at all.

export const logEvent = () => undefined;
export const logQueryEvent = () => undefined;
