using IlgpuXai.Kernels;
using NUnit.Framework;
using View = ILGPU.ArrayView<float>;

namespace IlgpuXai.Tests;

/// <summary>Small cases on ILGPU's emulated accelerator, against the processor's implementation: launches with and without groups, shared and local memory, barriers, copies.</summary>
/// <remarks>A group there is one thread of the system per thread: few groups, few barriers.</remarks>
sealed class EmulatedTests
{
    readonly Device _ilgpu = Devices.Open("ilgpu:cpu");
    readonly CpuDevice _cpu = new(1);

    [OneTimeTearDown]
    public void CloseDevices()
    {
        _ilgpu.Dispose();
        _cpu.Dispose();
    }

    [Test]
    public void A_function_of_each_element() => Agree(70, [70], (d, x, y) => d.Unary.Forward<Gelu>(x[0], y));

    [Test]
    public void Two_operands() => Agree(70, [70, 70], (d, x, y) => d.Binary.Forward<Divide>(x[0], x[1], y, BroadcastShape.Of([7, 10], [7, 10])));

    [Test]
    public void Sums_of_rows() => Agree(3, [3 * 45], (d, x, y) => d.Reduce.Along<Sum>(x[0], y, 0.5f, new(3, 45, 1)));

    [Test]
    public void Softmax() => Agree(2 * 35, [2 * 35], (d, x, y) => d.Softmax.Forward(x[0], y, new(2, 35)));

    [Test]
    public void A_matrix_product() => Agree(5 * 7, [5 * 19, 7 * 19], (d, x, y) => d.MatMul.Multiply(x[0], x[1], y, new(5, 7, 19, transposeB: true)));

    [Test]
    public void Filling_and_copying() => Agree(50, [50], (d, x, y) =>
    {
        d.Fill(y, 3.5f);
        d.Copy(x[0].SubView(3, 20), y.SubView(11, 20));
    });

    [Test]
    public void A_convolution_and_its_gradient()
    {
        var s = new Conv2dShape(N: 2, C: 3, H: 6, W: 5, K: 4, R: 3, S: 2, padH: 1);
        Agree(s.YSize, [s.XSize, s.WSize, s.K], (d, x, y) => d.Conv2d.Forward(x[0], x[1], x[2], y, s));
        Agree(s.XSize, [s.YSize, s.WSize], (d, x, dx) => d.Conv2d.BackwardInput(x[0], x[1], dx, s));
    }

    void Agree(int length, int[] inputs, Action<Device, View[], View> run)
    {
        double[] expected = [.. Run(_cpu).Select(v => (double)v)];
        Tests.Close.Check(expected, Run(_ilgpu), 1e-5, 1e-6, "ilgpu against the processor");

        float[] Run(Device device)
        {
            using var operands = new Operands(device);
            var y = operands.Out(length);
            run(device, [.. inputs.Select((n, i) => operands.In(Draw.Uniform(new(i + 1), n)).View)], y.View);
            return y.Read();
        }
    }
}
