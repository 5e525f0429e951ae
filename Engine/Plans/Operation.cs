using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Which operation made a recorded result, with what its inputs do not tell: the words that <see cref="Trace"/> reads.</summary>
abstract record Operation;

sealed record ConvOperation(Conv2dShape Shape) : Operation;
sealed record NormOperation(Tensor Mean, Tensor Variance, float Eps) : Operation;
sealed record UnaryOperation(Type Function) : Operation;
sealed record BinaryOperation(Type Function) : Operation;
sealed record MaxPoolOperation(Pool2dShape Shape) : Operation;
sealed record AveragePoolOperation(Pool2dShape Shape) : Operation;
sealed record AdaptiveAverageOperation : Operation;
sealed record ReshapeOperation : Operation;
sealed record ConcatOperation(int Axis) : Operation;
