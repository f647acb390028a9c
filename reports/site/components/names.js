// SPDX-License-Identifier: Apache-2.0
// German names of what the tables hold in short form.

export const COMPONENTS = {
	vacancy: ['Leerstand', 'Anteil leerer Ladenlokale; weniger ist besser'],
	independents: ['Inhabergeführte Läden', 'Anteil der Läden, die zu keiner Kette gehören'],
	walking_trips: ['Wege zu Fuß', 'Anteil der Wege in die Innenstadt, die zu Fuß gemacht werden'],
	basket: ['Mittlerer Einkauf', 'Umsatz je Beleg in den Läden der Mitglieder'],
	events: ['Veranstaltungen', 'Märkte, Feste und Kultur im Quartier'],
	local_supply: ['Regionale Versorgung', 'Anteil des Einkaufs der Läden bei Lieferanten aus der Region']
};

export const componentName = (id) => COMPONENTS[id]?.[0] ?? id;

export const MEMBER_KINDS = {
	haendler: 'Händlerinnen und Händler',
	erzeuger: 'Erzeugerinnen und Erzeuger',
	buerger: 'Bürgerinnen und Bürger'
};

export const HANDLING = {
	keep: ['bleibt', 'wird ausgewertet'],
	drop: ['verworfen', 'wird an der Tür gelöscht und nie gespeichert'],
	pseudonym: ['Deckname', 'wird durch einen Decknamen ersetzt, bevor jemand damit rechnet'],
	register: ['verschlossen', 'liegt nur im verschlossenen Verzeichnis, für Abrechnung und Post']
};

export const METRICS = {
	pedestrians: 'Fußgänger',
	bicycles: 'Fahrräder',
	pm10: 'Feinstaub PM10',
	pm2_5: 'Feinstaub PM2,5',
	ozone: 'Ozon',
	no2: 'Stickstoffdioxid'
};

export const CLASSES = {
	public: 'öffentlich',
	internal: 'intern',
	personal: 'personenbezogen',
	confidential: 'vertraulich'
};

/** Table of release → what a reader calls it, where the provenance does not say. */
export const TABLES = {
	basket_by_quarter: 'Mittlerer Einkauf je Quartier',
	basket_by_trade: 'Mittlerer Einkauf je Branche',
	basket_by_trade_group: 'Mittlerer Einkauf je Branchengruppe',
	vacancy: 'Leerstand',
	independent_shops: 'Inhabergeführte Läden',
	local_supply: 'Regionale Versorgung',
	event_frequency: 'Veranstaltungen je Quartier',
	footfall_hourly: 'Fußgänger je Stunde',
	footfall_monthly: 'Fußgänger je Monat',
	sensor_health: 'Zustand der Sensoren',
	members: 'Mitglieder',
	deliveries: 'Lieferungen',
	panel_trips: 'Wege in die Quartiere',
	panel_dwell: 'Zu Fuß in der Stadt verbrachte Zeit',
	trade_mix: 'Branchenmix je Quartier',
	north_star: 'Nordstern: Umsatz je Minute zu Fuß',
	experiment: 'Versuche',
	experiment_week: 'Verlauf der Versuche',
	vitality_index: 'Vitalitätsindex',
	vitality_component: 'Bestandteile des Vitalitätsindex'
};
