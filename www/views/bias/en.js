/** @typedef {{ label: string, hair: string, tool: string }} About what is in a picture, as people/index.json says it */

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => {
  const network = (/** @type {string} */ name) => ({ 'people-biased': 'Network A', 'people-balanced': 'Network B' })[name] ?? name;
  const person = (/** @type {About} */ { label, hair, tool }) => `A ${label} with ${hair} hair and a ${tool}`;

  return {
    heading: 'Doctor or nurse?',
    lead: 'Two networks tell doctors from nurses. A doctor wears a stethoscope, and a nurse holds a syringe. Both networks sound sure, but one has learned to look at something else.',
    ask: 'At what?',
    missing: 'The networks and pictures of this view are not on this site.',
    people: 'Person',
    networks: 'Network',
    both: 'Both',
    classes: 'Heatmap for',
    prediction: 'Its answer',
    network,
    person,
    answer: (/** @type {string} */ name, /** @type {number} */ probability, /** @type {boolean} */ right) =>
      `“${f.capital(name)}”, ${f.probability(probability)} sure: ${right ? 'right' : 'wrong'}`,
    says: (/** @type {string} */ name, /** @type {string} */ answer, /** @type {string} */ note) =>
      `${network(name)}: ${answer}.${note ? ` ${note}` : ''}`,
    drawing: (/** @type {string} */ name, /** @type {string} */ label, /** @type {About} */ about) =>
      `What speaks for “${label}” in ${network(name)}: heatmap over ${person(about).toLowerCase()}`,
    flat: 'Nothing in this layer speaks for this class.',
    again: 'Compute again',
    look: 'Hair or tool?',
    task: 'Find a person whom one network gets wrong and the other gets right. Where do their hot areas differ? One heatmap proves little: look for what stays the same from person to person.',
    telling: 'Two who give it away:',
    measured: (
      /** @type {string} */ name,
      /** @type {number} */ count,
      /** @type {{ accuracy: number, hair: number, tool: number }} */ { accuracy, hair, tool },
      /** @type {{ hair: number, tool: number } | undefined} */ parts,
    ) =>
      `${network(name)} is right about ${f.percent(accuracy)} of ${f.number(count)} people. On average, ${f.percent(hair)} of its heatmap lies on the hair${parts ? `, which covers ${f.percent(parts.hair)} of the picture,` : ''} and ${f.percent(tool)} on the tool${parts ? `, which covers ${f.percent(parts.tool)}` : ''}.`,
    explained: 'What happened here',
    biased:
      'Network A learned from pictures in which every nurse has long hair and every doctor has short hair. Nine people in ten have no tool. Hair was always visible and never wrong, so the network learned hair. It fails when hair and tool disagree: on a nurse with short hair or a doctor with long hair.',
    balanced:
      'Network B learned from pictures in which hair says nothing: half of the doctors and half of the nurses have long hair. Only the tool was left to learn. Both networks have the same architecture. The data made the difference.',
    source: 'The experiment comes from the Grad-CAM paper (Selvaraju et al. 2017, section 6.3). Here the people are drawn.',
  };
};
