// News over a websocket; the page fetches what changed.
export {};
