// The page: a form and a line that says how it went.
import { Identifications, Refused } from './identifications.js';

// ?api=URL says where the API is. A session of a mock is such a URL too.
const base = new URLSearchParams(location.search).get('api') ?? 'http://127.0.0.1:4010';
const api = new Identifications(base);

const messages = {
  401: 'You are signed out. Sign in and try again.',
  404: 'There is no identification with this number.',
  409: 'This identification was validated before.',
};

function explain(error) {
  if (!(error instanceof Refused)) return 'The service cannot be reached.';
  return messages[error.status] ?? 'Something went wrong on our side. Try again later.';
}

const actions = {
  async show(id) {
    const { actor, status } = await api.get(id);
    return `${actor.name} ${actor.last_name}: ${status}`;
  },
  async validate(id) {
    await api.validate(id);
    return 'The identification is validated.';
  },
};

const line = document.querySelector('[role=status]');
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  line.textContent = 'One moment …';
  try {
    line.textContent = await actions[event.submitter.name](event.target.elements.id.value);
  } catch (error) {
    line.textContent = explain(error);
  }
});
