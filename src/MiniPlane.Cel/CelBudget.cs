namespace MiniPlane.Cel;

/// <summary>How much work expressions may still do; shared by those that run for one request. One unit is about one step.</summary>
public sealed class CelBudget(long limit)
{
    public long Used { get; private set; }

    public long Left => limit - Used;

    /// <exception cref="CelCostException">The budget is spent.</exception>
    public void Charge(long cost)
    {
        Used += cost;
        if (Used > limit)
        {
            throw new CelCostException();
        }
    }
}
