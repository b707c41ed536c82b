"""A small configuration for any class of transformers: its own defaults, with every size made small."""

from typing import Any

from transformers import CONFIG_MAPPING, PreTrainedConfig

VOCAB = 96
LAYERS = 4
CONTEXT = 64

# What a number is set to wherever a configuration has one of this name.
SIZES: dict[str, Any] = {
    **dict.fromkeys(("hidden_size", "d_model", "n_embd", "dim", "embed_dim", "emb_dim", "model_dim", "width"), 32),
    **dict.fromkeys(("num_hidden_layers", "num_layers", "n_layer", "n_layers", "encoder_layers", "decoder_layers",
                     "num_decoder_layers", "num_encoder_layers", "decoder_num_layers", "num_blocks"), LAYERS),
    **dict.fromkeys(("num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads",
                     "decoder_attention_heads", "attention_heads", "num_encoder_attention_heads",
                     "num_decoder_attention_heads", "encoder_num_attention_heads", "decoder_num_attention_heads",
                     "decoder_num_heads"), 4),
    **dict.fromkeys(("num_key_value_heads", "num_kv_heads", "encoder_num_key_value_heads",
                     "decoder_num_key_value_heads"), 2),
    **dict.fromkeys(("intermediate_size", "ffn_dim", "encoder_ffn_dim", "decoder_ffn_dim", "d_ff", "hidden_dim",
                     "ffn_hidden_size", "n_inner", "decoder_ffn_dim", "dim_ff", "pooler_hidden_size",
                     "shared_expert_intermediate_size", "moe_intermediate_size", "expert_ffn_hidden_size",
                     "moe_shared_expert_intermediate_size", "shared_intermediate_size", "mlp_hidden_size"), 48),
    **dict.fromkeys(("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "max_sequence_length",
                     "max_source_positions", "max_target_positions", "max_encoder_position_embeddings",
                     "max_decoder_position_embeddings", "original_max_position_embeddings", "context_length"), CONTEXT),
    **dict.fromkeys(("head_dim", "d_kv", "attention_head_dim", "d_head", "global_head_dim", "dim_head", "swa_head_dim",
                     "kv_channels"), 8),
    **dict.fromkeys(("vocab_size", "vocab_size_per_layer_input", "src_vocab_size", "tgt_vocab_size", "n_vocab",
                     "text_vocab_size", "decoder_vocab_size"), VOCAB),
    **dict.fromkeys(("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts", "n_experts"), 4),
    **dict.fromkeys(("num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_top_k", "moe_k", "top_k_experts",
                     "experts_per_token", "num_selected_experts"), 2),
    **dict.fromkeys(("n_group", "topk_group", "num_expert_group", "n_shared_experts", "num_shared_experts"), 1),
    "q_lora_rank": 16, "kv_lora_rank": 16, "qk_rope_head_dim": 4, "qk_nope_head_dim": 8, "v_head_dim": 8,
    "qk_head_dim": 12, "rotary_dim": 4, "embedding_size": 16, "state_size": 8, "ssm_state_size": 8, "mamba_d_state": 8,
    "mamba_n_heads": 8, "mamba_num_heads": 8, "mamba_d_head": 8, "mamba_head_dim": 8, "mamba_n_groups": 1,
    "n_groups": 1, "mamba_dt_rank": 4, "time_step_rank": 4, "mamba_d_ssm": 64, "mamba_chunk_size": 8, "chunk_size": 8,
    "mamba_expand": 2, "expand": 2, "first_k_dense_replace": 1, "num_dense_layers": 1, "sliding_window": 8,
    "attention_window": 8, "local_attention": 8, "window_size": 8, "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 16, "max_relative_positions": 16, "word_embed_proj_dim": 32,
    "linear_num_key_heads": 2, "linear_num_value_heads": 4, "linear_key_head_dim": 8, "linear_value_head_dim": 8,
    "lru_width": 32, "attention_window_size": 8, "type_vocab_size": 2, "index_n_heads": 4, "index_head_dim": 8,
    "index_topk": 64, "hidden_size_per_layer_input": 8, "laurel_rank": 4, "entity_vocab_size": 10,
    "entity_emb_size": 16, "num_hash_functions": 2, "num_buckets": 8, "block_size": 8, "num_landmarks": 4,
    "trigram_input": False, "query_pre_attn_scalar": 8, "attention_hidden_size": 32, "bottleneck_size": 8,
    "true_hidden_size": 32, "intra_bottleneck_size": 32, "num_memory_blocks": 2, "conv_dim": 32, "conv_L_cache": 3,
    "num_nextn_predict_layers": 0, "num_mtp_modules": 0, "d_inner": 48, "num_block_records": 4,
    "adapter_attn_dim": None,
    "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2, "forced_eos_token_id": None,
    "forced_bos_token_id": None, "cls_token_id": 1, "sep_token_id": 2, "num_kv_shared_layers": 0, "num_conv_layers": 1,
    "num_encoder_blocks": 2, "image_size": 32, "patch_size": 8, "num_channels": 3, "out_hidden_size": 32,
    "depth": 2, "feat_extract_norm": "group", "num_mel_bins": 8, "num_codebooks": 2, "num_latents": 8, "d_latents": 32,
}  # fmt: skip

# What the defaults of one type still need: sizes that depend on each other in their own way.
REPAIRS: dict[str, dict[str, Any]] = {
    "gpt_neo": {"attention_types": [[["global", "local"], 2]], "num_layers": 4},
    "funnel": {"block_sizes": [2, 2], "num_decoder_layers": 1, "d_head": 8, "n_head": 4},
    "reformer": {
        "attn_layers": ["local", "lsh"], "num_hidden_layers": 2, "axial_pos_shape": [8, 8], "is_decoder": True,
        "axial_pos_embds_dim": [16, 16], "local_attn_chunk_length": 8, "lsh_attn_chunk_length": 8,
        "feed_forward_size": 48, "attention_head_size": 8, "num_hashes": 1, "num_buckets": 4},
    "roberta": {"pad_token_id": 1}, "camembert": {"pad_token_id": 1}, "xlm-roberta": {"pad_token_id": 1},
    "data2vec-text": {"pad_token_id": 1}, "roberta-prelayernorm": {"pad_token_id": 1},
    "xlm-roberta-xl": {"pad_token_id": 1}, "mpnet": {"pad_token_id": 1}, "luke": {"pad_token_id": 1},
    "mobilebert": {"embedding_size": 32, "hidden_size": 32, "true_hidden_size": 32},
    "jamba": {"attn_layer_period": 2, "attn_layer_offset": 1, "expert_layer_period": 2, "expert_layer_offset": 1,
              "use_mamba_kernels": False},
    "zamba": {"layers_block_type": ["mamba", "hybrid", "mamba", "hybrid"], "attention_hidden_size": 64,
              "attention_head_dim": 16, "use_mamba_kernels": False, "n_mamba_heads": 2},
    "zamba2": {"layers_block_type": ["mamba", "hybrid", "mamba", "hybrid"], "mamba_headdim": 8, "n_mamba_heads": 8,
               "mamba_ngroups": 1, "num_mem_blocks": 1, "use_mem_rope": True},
    "mamba2": {"num_heads": 8, "head_dim": 8}, "xlstm": {"num_heads": 4},
    "bamba": {"attn_layer_indices": [1, 3], "mamba_n_heads": 8, "mamba_d_head": 8},
    "falcon_h1": {"mamba_d_ssm": 64, "mamba_n_heads": 8, "mamba_d_head": 8},
    "granitemoehybrid": {"layer_types": ["mamba", "attention", "mamba", "attention"], "mamba_n_heads": 8,
                         "mamba_d_head": 8},
    "nemotron_h": {"layers_block_type": ["mamba", "attention", "moe", "attention"], "mamba_num_heads": 8,
                   "mamba_head_dim": 8},
    "recurrent_gemma": {"block_types": ["recurrent", "attention"], "lru_width": 32},
    "lfm2": {"layer_types": ["conv", "full_attention", "conv", "full_attention"]},
    "lfm2_moe": {"layer_types": ["conv", "full_attention", "conv", "full_attention"]},
    "dbrx": {"attn_config": {"kv_n_heads": 2, "clip_qkv": 8}, "ffn_config": {"ffn_hidden_size": 48,
             "moe_num_experts": 4, "moe_top_k": 2, "hidden_size": 32}},
    "blenderbot": {"decoder_start_token_id": 1},
    "fsmt": {"langs": ["en", "de"]},
    "xlm": {"emb_dim": 32}, "flaubert": {"emb_dim": 32},
    "deberta-v2": {"relative_attention": True, "pos_att_type": ["c2p", "p2c"], "position_buckets": 8},
    "zaya": {"num_experts_per_tok": 1}, "esmc": {"num_key_value_heads": 4}, "nystromformer": {"num_landmarks": 7},
    "xmod": {"pad_token_id": 1, "languages": ["en_XX"], "default_language": "en_XX"},
    "xlnet": {}, "prophetnet": {"num_encoder_layers": 4, "num_decoder_layers": 4, "num_encoder_attention_heads": 4,
                                "num_decoder_attention_heads": 4},
    "canine": {"num_hash_buckets": 32},
    "longformer": {"attention_window": [8] * LAYERS, "max_position_embeddings": 66, "pad_token_id": 1},
    "t5": {"decoder_start_token_id": 0},
    "led": {"attention_window": [8] * LAYERS}, "squeezebert": {"embedding_size": 32},
    "gemma3n_text": {"intermediate_size": [48] * LAYERS, "activation_sparsity_pattern": [0.0] * LAYERS,
                     "altup_num_inputs": 2},
}  # fmt: skip


def small(model_type: str) -> PreTrainedConfig:
    """The configuration of one type, made small; raises whatever its class does not like about it."""
    config_class = CONFIG_MAPPING[model_type]
    return config_class(**_shrunk(config_class()) | REPAIRS.get(model_type, {}))


def _shrunk(config: PreTrainedConfig) -> dict[str, Any]:
    """What differs from the defaults: sizes by name, lists with one entry per layer cut to the layers there are."""
    told = vars(config)
    changed = {name: value for name, value in SIZES.items() if _can_be_set(config, name)}
    depth = next((told[name] for name in ("num_hidden_layers", "n_layer", "num_layers") if name in told), None)
    for name, value in told.items():
        if isinstance(value, PreTrainedConfig):
            changed[name] = value.to_dict() | _shrunk(value) | REPAIRS.get(value.model_type, {})
        elif isinstance(value, list) and depth and len(value) == depth:
            changed[name] = _varied(value)
    if "qk_rope_head_dim" in changed:  # latent attention: keys are made for every head, and rotated ones are narrow
        changed |= {"num_key_value_heads": 4, "head_dim": changed["qk_rope_head_dim"]}
    return {name: value for name, value in changed.items() if not name.startswith("_")}


def _can_be_set(config: PreTrainedConfig, name: str) -> bool:
    computed = getattr(type(config), name, None)
    return not (isinstance(computed, property) and computed.fset is None) and (
        name in vars(config) or name in config.attribute_map
    )


def _varied(values: list[Any]) -> list[Any]:
    """One entry for each layer, with as many different ones as the list has, as it orders them."""
    kinds = list(dict.fromkeys(map(str, values)))
    first = [next(value for value in values if str(value) == kind) for kind in kinds]
    return [first[layer % len(first)] for layer in range(LAYERS)]
