// Two devices that are not the processor, for machines without any: memory of their own kind, every operation done by
// the processor on copies. Tensors of two devices in one operation are refused, as a GPU refuses them, and so is reading
// their memory from Python. They have no double precision, as Apple's have none.

#include <ATen/EmptyTensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/histc.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/Allocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <cstdlib>
#include <cstring>

namespace {

constexpr auto KIND = c10::DeviceType::PrivateUse1;
constexpr c10::DeviceIndex COUNT = 2;
thread_local c10::DeviceIndex current = 0;

c10::Device here() { return {KIND, current}; }

struct Memory final : c10::Allocator {
  c10::DataPtr allocate(size_t bytes) override {
    auto* data = bytes == 0 ? nullptr : std::malloc(bytes);
    return {data, data, &std::free, here()};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &std::free; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }
};
Memory memory;

struct Guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return KIND; }
  c10::Device exchangeDevice(c10::Device device) const override {
    auto before = here();
    setDevice(device);
    return before;
  }
  c10::Device getDevice() const override { return here(); }
  void setDevice(c10::Device device) const override { uncheckedSetDevice(device); }
  void uncheckedSetDevice(c10::Device device) const noexcept override { current = device.index(); }
  c10::Stream getStream(c10::Device device) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream exchangeStream(c10::Stream) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, here());
  }
  c10::DeviceIndex deviceCount() const noexcept override { return COUNT; }
  // What is asked for is done when the call returns, so nothing is ever waited for.
  void record(void**, const c10::Stream&, const c10::DeviceIndex, const c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
  void destroyEvent(void*, const c10::DeviceIndex) const noexcept override {}
};

struct Hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
};

// On the device asked for until the end, then back on the one before.
struct Elsewhere {
  explicit Elsewhere(std::optional<at::Device> device) : before(current) {
    if (device && device->has_index()) current = device->index();
  }
  ~Elsewhere() { current = before; }
  Elsewhere(const Elsewhere&) = delete;
  c10::DeviceIndex before;
};

at::ScalarType single(std::optional<at::ScalarType> type) {
  TORCH_CHECK(c10::dtype_or_default(type) != at::kDouble, here(), " has no double precision.");
  return c10::dtype_or_default(type);
}

at::Tensor empty(
    c10::IntArrayRef size, std::optional<at::ScalarType> type, std::optional<at::Layout>,
    std::optional<at::Device> device, std::optional<bool>, std::optional<at::MemoryFormat> format) {
  Elsewhere guard(device);
  return at::detail::empty_generic(
      size, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), single(type), format);
}

at::Tensor empty_strided(
    c10::IntArrayRef size, c10::IntArrayRef stride, std::optional<at::ScalarType> type, std::optional<at::Layout>,
    std::optional<at::Device> device, std::optional<bool>) {
  Elsewhere guard(device);
  return at::detail::empty_strided_generic(
      size, stride, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), single(type));
}

// The processor's view of a tensor's memory.
at::Tensor seen(const at::Tensor& tensor) {
  if (tensor.device().type() != KIND) return tensor;
  return at::from_blob(
      tensor.data_ptr(), tensor.sizes(), tensor.strides(), tensor.options().device(c10::kCPU).requires_grad(false));
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool) {
  seen(to).copy_(seen(from));
  return to;
}

at::Tensor copy_from_and_resize(const at::Tensor& from, const at::Tensor& to) {
  to.resize_(from.sizes());
  return copy_from(from, to, false);
}

at::Scalar local_scalar(const at::Tensor& tensor) { return seen(tensor).item(); }

const at::Tensor& resize(const at::Tensor& tensor, c10::SymIntArrayRef size, std::optional<at::MemoryFormat>) {
  auto sizes = C10_AS_INTARRAYREF_SLOW(size);
  if (tensor.sizes() == sizes) return tensor;  // a part of another tensor keeps its strides
  int64_t count = c10::multiply_integers(sizes);
  auto bytes = static_cast<size_t>((count + tensor.storage_offset()) * tensor.element_size());
  Elsewhere guard(tensor.device());
  auto storage = tensor.storage();
  if (storage.nbytes() < bytes) {
    auto grown = memory.allocate(bytes);
    if (storage.nbytes()) std::memcpy(grown.get(), storage.data(), storage.nbytes());
    storage.set_data_ptr(std::move(grown));
    storage.set_nbytes(bytes);
  }
  tensor.unsafeGetTensorImpl()->set_sizes_contiguous(sizes);
  return tensor;
}

at::Tensor& set_storage(
    at::Tensor& tensor, at::Storage source, int64_t offset, c10::IntArrayRef size, c10::IntArrayRef stride) {
  tensor.unsafeGetTensorImpl()->set_storage_keep_dtype(std::move(source));
  tensor.unsafeGetTensorImpl()->set_storage_offset(offset);
  if (stride.empty() && !size.empty()) tensor.unsafeGetTensorImpl()->set_sizes_contiguous(size);
  else tensor.unsafeGetTensorImpl()->set_sizes_and_strides(size, stride);
  return tensor;
}

// A GPU counts whole numbers too, the processor does not.
at::Tensor histc(const at::Tensor& tensor, int64_t bins, const at::Scalar& low, const at::Scalar& high) {
  auto given = seen(tensor);
  return at::histc(given.to(at::kFloat), bins, low, high).to(given.scalar_type()).to(tensor.device());
}

// As a GPU does: a number may come from the processor, an index too; a table may not.
void check(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  const auto& name = op.schema().name();
  if (name == "aten::index" || name == "aten::index_put_" || name == "aten::_index_put_impl_") return;
  std::optional<c10::Device> first;
  auto look = [&](const at::Tensor& tensor) {
    if (!tensor.defined() || (tensor.device().type() == c10::kCPU && tensor.dim() == 0)) return;
    if (!first) first = tensor.device();
    TORCH_CHECK(
        tensor.device() == *first, "Expected all tensors to be on the same device, but found at least two devices, ",
        *first, " and ", tensor.device(), "! (", name, ")");
  };
  for (const auto& value : torch::jit::last(*stack, op.schema().arguments().size())) {
    if (value.isTensor()) look(value.toTensor());
    else if (value.isTensorList())
      for (const at::Tensor tensor : value.toTensorList()) look(tensor);
    else if (value.isOptionalTensorList())
      for (const std::optional<at::Tensor> tensor : value.toOptionalTensorList())
        if (tensor) look(*tensor);
  }
}

void fallback(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  check(op, stack);
  at::native::cpu_fallback(op, stack);
}

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard)

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) { library.fallback(torch::CppFunction::makeFromBoxedFunction<&fallback>()); }

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("empty.memory_format", empty);
  library.impl("empty_strided", empty_strided);
  library.impl("as_strided", at::native::as_strided_tensorimpl);
  library.impl("view", at::native::view);
  library.impl("_reshape_alias", at::native::_reshape_alias);
  library.impl("unfold", at::native::unfold);
  library.impl("_copy_from", copy_from);
  library.impl("_copy_from_and_resize", copy_from_and_resize);
  library.impl("_local_scalar_dense", local_scalar);
  library.impl("histc", histc);
  library.impl("resize_", resize);
  library.impl("set_.source_Storage_storage_offset", set_storage);
}

bool begun = [] {
  c10::SetAllocator(KIND, &memory);
  at::RegisterPrivateUse1HooksInterface(new Hooks);
  return true;
}();

}  // namespace
