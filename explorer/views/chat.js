// What an instruction model reads when a person types: the chat template written out as tokens.
const find = (name) => element.querySelector(name);

find(".chat-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  clear();
  const { model } = explorer.state.subject ?? {};
  if (!model) return;
  const answer = await explorer.call(server.chat_tokens, { model, system: find(".chat-system").value, user: find(".chat-user").value });
  find(".chat-count").textContent = `${answer.tokens.length} tokens; dashed ones come from the template and steer the model.`;
  find(".chat-tokens").replaceChildren(...answer.tokens.map((token) => {
    const node = document.createElement("span");
    node.className = "step";
    node.dir = "auto";
    node.textContent = explorer.tokenName(token);
    node.title = `id ${token.id}`;
    node.toggleAttribute("data-unjudged", token.special);
    node.toggleAttribute("data-plain", !token.special);
    node.toggleAttribute("data-break", token.text.endsWith("\n"));
    return node;
  }));
  element.dataset.tokens = answer.tokens.length;
});

function clear() {
  find(".chat-count").textContent = "";
  find(".chat-tokens").replaceChildren();
}

explorer.subscribe(element, clear, ["subject"]);
