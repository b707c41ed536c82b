"""Small networks with random weights, one per family: every way of attending the explorer claims to read."""

from functools import cache
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from models.engine.capture import EAGER
from models.engine.eager import FUSED
from models.engine.language_model import LanguageModel
from models.loading.assembly import assemble, preferred_attention
from models.loading.loader import AUTOMATIC, kind_of

VOCAB = 96
SMALL = {"vocab_size": VOCAB, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4}
GATED = SMALL | {"intermediate_size": 48, "max_position_embeddings": 64}
GROUPED = GATED | {"num_key_value_heads": 2}
HEADED = GROUPED | {"head_dim": 8}
EXPERTS = {"num_local_experts": 4, "num_experts_per_tok": 2}
IDS = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
ENCODER = GATED | {"type_vocab_size": 2, "pad_token_id": 0}
BLENDER = {
    "vocab_size": VOCAB, "d_model": 32, "encoder_layers": 2, "decoder_layers": 3, "encoder_attention_heads": 4,
    "decoder_attention_heads": 4, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "max_position_embeddings": 64,
    "decoder_start_token_id": 2, "forced_eos_token_id": None, **IDS,
}  # fmt: skip
T5 = {
    "vocab_size": VOCAB, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 3, "num_decoder_layers": 2, "num_heads": 4,
    "decoder_start_token_id": 0, "relative_attention_num_buckets": 8, "relative_attention_max_distance": 16,
    "pad_token_id": 0, "eos_token_id": 1,
}  # fmt: skip
GPT = {"vocab_size": VOCAB, "n_positions": 64, "n_embd": 32, "n_layer": 3, "n_head": 4} | IDS
SLIDING = {"sliding_window": 4, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"]}

# Name of the case: configuration class, and what differs from its defaults.
FAMILIES: dict[str, tuple[str, dict[str, Any]]] = {
    "gpt2": ("GPT2Config", GPT),
    "gpt2, scaled by layer": ("GPT2Config", GPT | {"scale_attn_by_inverse_layer_idx": True}),
    "gpt_bigcode, one key head": ("GPTBigCodeConfig", GPT | {"multi_query": True}),
    "gpt_neox": ("GPTNeoXConfig", GATED | IDS),
    "gpt_neo, local": ("GPTNeoConfig", {
        "vocab_size": VOCAB, "hidden_size": 32, "num_layers": 2, "num_heads": 4, "max_position_embeddings": 64,
        "attention_types": [[["global", "local"], 1]], "window_size": 4, **IDS}),
    "gptj": ("GPTJConfig", GPT | {"rotary_dim": 4}),
    "codegen": ("CodeGenConfig", GPT | {"rotary_dim": 4}),
    "openai-gpt": ("OpenAIGPTConfig", GPT),
    "bloom": ("BloomConfig", {"vocab_size": VOCAB, "hidden_size": 32, "n_layer": 3, "n_head": 4, **IDS}),
    "falcon, ALiBi": ("FalconConfig", SMALL | IDS | {"alibi": True, "new_decoder_architecture": False}),
    "falcon, rotary": ("FalconConfig", SMALL | IDS | {"alibi": False, "multi_query": True}),
    "mpt": ("MptConfig", {"vocab_size": VOCAB, "d_model": 32, "n_layers": 3, "n_heads": 4, "max_seq_len": 64}),
    "opt": ("OPTConfig", SMALL | IDS | {"ffn_dim": 48, "max_position_embeddings": 64, "word_embed_proj_dim": 32}),
    "opt, projected": ("OPTConfig", SMALL | IDS | {
        "ffn_dim": 48, "max_position_embeddings": 64, "word_embed_proj_dim": 16, "do_layer_norm_before": False}),
    "xglm": ("XGLMConfig", {
        "vocab_size": VOCAB, "d_model": 32, "num_layers": 3, "attention_heads": 4, "ffn_dim": 48,
        "max_position_embeddings": 64, **IDS}),
    "llama": ("LlamaConfig", GROUPED | IDS),
    "mistral, sliding": ("MistralConfig", GROUPED | IDS | {"sliding_window": 4}),
    "mixtral": ("MixtralConfig", GROUPED | IDS | EXPERTS),
    "qwen2": ("Qwen2Config", GROUPED | IDS),
    "qwen2_moe": ("Qwen2MoeConfig", GROUPED | IDS | {
        "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16,
        "shared_expert_intermediate_size": 16}),
    "qwen3": ("Qwen3Config", HEADED | IDS),
    "gemma": ("GemmaConfig", HEADED | IDS),
    "gemma2": ("Gemma2Config", HEADED | IDS | {
        "sliding_window": 4, "attn_logit_softcapping": 2.0, "final_logit_softcapping": 3.0,
        "query_pre_attn_scalar": 12}),
    "gemma3": ("Gemma3TextConfig", HEADED | IDS | SLIDING | {"query_pre_attn_scalar": 12}),
    "phi": ("PhiConfig", GATED | IDS),
    "phi3": ("Phi3Config", GROUPED | IDS),
    "stablelm": ("StableLmConfig", GROUPED | IDS),
    "starcoder2": ("Starcoder2Config", GROUPED | IDS | {"sliding_window": 4}),
    "olmo2": ("Olmo2Config", GROUPED | IDS),
    "cohere": ("CohereConfig", GROUPED | IDS | {"logit_scale": 0.3}),
    "cohere2": ("Cohere2Config", HEADED | IDS | SLIDING | {"logit_scale": 0.3}),
    "granite": ("GraniteConfig", GROUPED | IDS | {
        "logits_scaling": 3.0, "attention_multiplier": 0.2, "residual_multiplier": 0.5, "embedding_multiplier": 2.0}),
    "smollm3": ("SmolLM3Config", GROUPED | IDS | {"no_rope_layers": [1, 0, 1]}),
    "gpt_oss": ("GptOssConfig", HEADED | IDS | SLIDING | EXPERTS),
    "nemotron": ("NemotronConfig", HEADED | IDS),
    "glm": ("GlmConfig", HEADED | IDS),
    "exaone4": ("Exaone4Config", HEADED | IDS | SLIDING),
    "helium": ("HeliumConfig", HEADED | IDS),
    "deepseek_v3": ("DeepseekV3Config", GATED | IDS | {
        "num_key_value_heads": 4, "q_lora_rank": 16, "kv_lora_rank": 16, "qk_rope_head_dim": 4, "qk_nope_head_dim": 8,
        "v_head_dim": 8, "n_routed_experts": 4, "num_experts_per_tok": 2, "n_group": 1, "topk_group": 1,
        "moe_intermediate_size": 16, "first_k_dense_replace": 1}),
    "bert": ("BertConfig", ENCODER),
    "roberta": ("RobertaConfig", ENCODER | {"pad_token_id": 1}),
    "xlm-roberta": ("XLMRobertaConfig", ENCODER | {"pad_token_id": 1}),
    "distilbert": ("DistilBertConfig", {
        "vocab_size": VOCAB, "dim": 32, "n_layers": 3, "n_heads": 4, "hidden_dim": 48, "max_position_embeddings": 64}),
    "electra": ("ElectraConfig", ENCODER | {"embedding_size": 16}),
    "albert": ("AlbertConfig", ENCODER | {"embedding_size": 16}),
    "deberta-v2": ("DebertaV2Config", ENCODER | {
        "relative_attention": True, "pos_att_type": ["c2p", "p2c"], "norm_rel_ebd": "layer_norm",
        "position_buckets": 8}),
    "modernbert": ("ModernBertConfig", GATED | IDS | {
        "local_attention": 4, "global_attn_every_n_layers": 2, "cls_token_id": 1, "sep_token_id": 2}),
    "mpnet": ("MPNetConfig", ENCODER | {"pad_token_id": 1}),
    "t5": ("T5Config", T5),
    "t5, gated and untied": ("T5Config", T5 | {"feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}),
    "mt5": ("MT5Config", T5),
    "umt5": ("UMT5Config", T5),
    "bart": ("BartConfig", BLENDER),
    "mbart": ("MBartConfig", BLENDER),
    "marian": ("MarianConfig", BLENDER | {"decoder_start_token_id": 0}),
    "pegasus": ("PegasusConfig", BLENDER | {"decoder_start_token_id": 0}),
    "blenderbot": ("BlenderbotConfig", BLENDER | {"decoder_start_token_id": 1}),
    "m2m_100": ("M2M100Config", BLENDER),
}  # fmt: skip


def build(case: str, *, eager: bool = False) -> Any:
    """The network of one case, norms and biases randomised: fresh ones do nearly nothing and would hide their loss."""
    name, settings = FAMILIES[case]
    config = getattr(transformers, name)(**settings)
    torch.manual_seed(len(case))
    automatic: Any = AUTOMATIC[kind_of(config)]
    # Falcon's eager attention is not its default, and what is asked of it here is.
    plain = FUSED if case == "falcon, ALiBi" else EAGER
    attention = plain if eager else preferred_attention(automatic, config)
    network = automatic.from_config(config, attn_implementation=attention)
    spread = 0.5 if hasattr(config, "relative_attention_num_buckets") else 1.0  # T5 does not scale its scores down
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn_like(parameter) * 0.3)
            else:
                parameter.copy_(torch.randn_like(parameter) * spread * parameter.shape[-1] ** -0.5)
        for place, buffer in network.named_buffers():
            if place.endswith("final_logits_bias"):
                buffer.copy_(torch.randn_like(buffer))
    return network.eval()


@cache
def reference(case: str) -> Any:
    """The same network, with transformers' own eager attention: what every number is compared with."""
    return build(case, eager=True)


@cache
def model(case: str) -> LanguageModel:
    """The network of one case as the explorer loads it; its words are w0, w1, w2 …"""
    return assembled(case, case)


def assembled(case: str, name: str) -> LanguageModel:
    """A network of its own of one case, under any name."""
    network = build(case)
    return assemble(name, network, words(), kind=kind_of(network.config), revision="test")


def words() -> Any:
    """A tokenizer whose token number n is the word wn, so that a text says which tokens it is made of."""
    names = [f"w{number}" for number in range(VOCAB)]
    names[3:5] = ["<unk>", "<mask>"]
    tokenizer = Tokenizer(WordLevel({name: number for number, name in enumerate(names)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    fast: Any = transformers.PreTrainedTokenizerFast
    return fast(tokenizer_object=tokenizer, unk_token="<unk>", mask_token="<mask>")


def text_of(length: int, seed: int = 0) -> str:
    """A text of so many random words."""
    numbers = torch.randint(5, VOCAB, (length,), generator=torch.Generator().manual_seed(seed))
    return " ".join(f"w{number}" for number in numbers.tolist())
