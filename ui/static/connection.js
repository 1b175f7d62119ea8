/* Keeps the page alive while its server is away. At the first lost request Gradio declares itself dead, waits for the
   server and then loads the page anew: the conversation on screen would be gone. Here a lost connection becomes an
   ordinary failure of the questions that were waiting, after which one can ask again. */
const LOST = "lost"; // never read by people: chat.js says it in German
const waiting = new Set(); // what was asked and is not yet answered, by Gradio's ids
const original = window.fetch;

const event = (message) => `data: ${JSON.stringify(message)}\n\n`;

/** What ends a stream of answers as Gradio expects it: each question that waits has failed, and nothing more comes. */
const farewell = () => {
  const failed = [...waiting].map((id) =>
    event({ msg: "process_completed", event_id: id, success: false, output: { error: LOST, visible: true } }));
  waiting.clear();
  return [...failed, event({ msg: "close_stream", event_id: null })].join("");
};

/** One event of the stream, noted. A server that was started anew does not know the session: that ends it too. */
const noted = (text) => {
  let message = {};
  try {
    message = JSON.parse(text.replace(/^data: ?/, ""));
  } catch { /* a comment, or nothing to read */ }
  if (message.msg === "process_completed") waiting.delete(message.event_id);
  return message.session_not_found ? farewell() : `${text}\n\n`;
};

const answers = (response) => {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const encoder = new TextEncoder();
  let rest = "";
  const body = new ReadableStream({
    async pull(stream) {
      const { value, done } = await reader.read().catch((error) => ({ done: error.name }));
      if (!done) {
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        stream.enqueue(encoder.encode(events.map(noted).join("")));
        return;
      }
      if (done !== "AbortError") stream.enqueue(encoder.encode(farewell())); // Gradio itself has hung up
      stream.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, { status: response.status, headers: response.headers });
};

const join = async (...request) => {
  let response;
  try {
    response = await original(...request);
  } catch {
    return Response.json({ detail: LOST }, { status: 502 });
  }
  const { event_id: id } = await response.clone().json().catch(() => ({}));
  if (response.ok && id) waiting.add(id);
  return response;
};

const listen = async (...request) => {
  try {
    const response = await original(...request);
    return response.ok ? answers(response) : new Response(farewell());
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return new Response(farewell());
  }
};

window.fetch = (...request) => {
  const { pathname } = new URL(request[0].url ?? request[0], location.href);
  if (pathname.endsWith("/gradio_api/queue/join")) return join(...request);
  if (pathname.endsWith("/gradio_api/queue/data")) return listen(...request);
  return original(...request);
};
