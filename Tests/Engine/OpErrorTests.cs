using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class OpErrorTests
{
    static readonly (string Message, Func<Device, Tensor> Op)[] Cases =
    [
        ("conv2d: input [1, 3, 4, 4] has 3 channels, weight [2, 4, 1, 1] expects 4", d => d.Zeros([1, 3, 4, 4]).Conv2d(d.Zeros([2, 4, 1, 1]))),
        ("conv2d: input [3, 4, 4] must be [N, C, H, W] and weight [2, 4, 1, 1] [K, C/groups, R, S]", d => d.Zeros([3, 4, 4]).Conv2d(d.Zeros([2, 4, 1, 1]))),
        ("conv2d: bias [3] must be [2], one number per channel of the result", d => d.Zeros([1, 4, 4, 4]).Conv2d(d.Zeros([2, 4, 1, 1]), d.Zeros([3]))),
        ("linear: input [2, 3] and weight [4, 5] do not fit, [..., In] and [Out, In] were expected", d => d.Zeros([2, 3]).Linear(d.Zeros([4, 5]))),
        ("matmul: [2, 3] and [4, 5] do not fit, [..., M, K] and [..., K, N] were expected", d => d.Zeros([2, 3]).MatMul(d.Zeros([4, 5]))),
        ("matmul: the leading axes of [2, 3, 4] and [3, 4, 5] differ", d => d.Zeros([2, 3, 4]).MatMul(d.Zeros([3, 4, 5]))),
        ("pool2d: input [2, 3] must be [N, C, H, W]", d => d.Zeros([2, 3]).MaxPool2d(2)),
        ("pool2d: window 5×5 is larger than the padded input 4×4", d => d.Zeros([1, 1, 4, 4]).AvgPool2d(5)),
        ("batch norm: input [2, 3] has 3 channels, weight, bias or statistics are [4]", d => d.Zeros([2, 3]).BatchNormInference(d.Zeros([4]), d.Zeros([3]), d.Zeros([3]), d.Zeros([3]))),
        ("batch norm: training needs more than one value per channel, input is [1, 3]", d => d.Zeros([1, 3]).BatchNormTraining(d.Zeros([3]), d.Zeros([3]), d.Zeros([3]), d.Zeros([3]))),
        ("broadcast: [2, 3] and [2, 4] differ in an axis where neither is 1", d => d.Zeros([2, 3]) + d.Zeros([2, 4])),
        ("axis 2 does not exist in shape [2, 3]", d => d.Zeros([2, 3]).Sum([2])),
        ("axis -3 does not exist in shape [2, 3]", d => d.Zeros([2, 3]).Max([-3])),
        ("reshape: [2, 3] holds 6 elements, [4, 2] holds 8", d => d.Zeros([2, 3]).Reshape(4, 2)),
        ("reshape: [2, 3] holds 6 elements, [4, 1] holds 4", d => d.Zeros([2, 3]).Reshape(4, -1)),
        ("slice: 2 … 4 lies outside axis 1 of [2, 4]", d => d.Zeros([2, 4]).Slice(1, 2, 3)),
        ("concat: [2, 3] and [3, 3] differ in more than axis 1", d => Tensor.Concat(1, d.Zeros([2, 3]), d.Zeros([3, 3]))),
        ("concat: no tensors were given", d => Tensor.Concat(1)),
        ("cross-entropy: 1 labels need scores [1, Classes], these are [2, 3]", d => d.Zeros([2, 3]).CrossEntropy([0])),
        ("cross-entropy: label 3 at 1 is not a class, 0 … 2", d => d.Zeros([2, 3]).CrossEntropy([0, 3])),
        ("cross-entropy: label -1 at 0 is not a class, 0 … 2", d => d.Zeros([2, 3]).CrossEntropy([-1, 0])),
        ("cross-entropy: class weights [2] must be [3]", d => d.Zeros([1, 3]).CrossEntropy([0], d.Zeros([2]))),
        ("binary cross-entropy: targets [3] must have the shape of the scores [2]", d => d.Zeros([2]).BinaryCrossEntropyWithLogits(d.Zeros([3]))),
        ("mean squared error: target [3] must have the shape of the result [2]", d => d.Zeros([2]).MeanSquaredError(d.Zeros([3]))),
        ("resize: cannot resample [2, 3] to 0×4", d => d.Zeros([2, 3]).Resize((0, 4))),
        ("tensor: shape [2, 3] holds 6 values, 5 were given", d => d.Tensor([2, 3], new float[5])),
        ("shape [2, -1] has a negative size", d => d.Zeros([2, -1])),
        ("shape [65536, 65536] has more than 2147483647 elements", d => d.Zeros([65536, 65536])),
    ];

    static IEnumerable<TestCaseData> All => Cases.Select(c => new TestCaseData(c.Message, c.Op).SetArgDisplayNames(c.Message));

    [TestCaseSource(nameof(All))]
    public void Shapes_that_do_not_fit_are_refused_in_one_line(string message, Func<Device, Tensor> op)
    {
        using var device = new CpuDevice(1);
        using var scope = device.Scope();
        Assert.That(() => op(device), Throws.TypeOf<ShapeException>().With.Message.EqualTo(message));
    }
}
