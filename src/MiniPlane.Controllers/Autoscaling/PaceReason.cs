namespace MiniPlane.Controllers.Autoscaling;

/// <summary>Why a recommendation was followed or not, as the conditions AbleToScale and ScalingLimited say it.</summary>
internal sealed record PaceReason(bool IsTrue, string Reason, string Message)
{
    public static readonly PaceReason Ready = new(true, "ReadyForNewScale", "recommended size matches current size");

    public static readonly PaceReason DownStabilized = new(
        true, "ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation");

    public static readonly PaceReason UpStabilized = new(
        true, "ScaleUpStabilized", "recent recommendations were lower than current one, applying the lowest recent recommendation");

    public static readonly PaceReason InRange = new(false, "DesiredWithinRange", "the desired count is within the acceptable range");

    public static readonly PaceReason TooMany = new(
        true, "TooManyReplicas", "the desired replica count is more than the maximum replica count");

    public static readonly PaceReason TooFew = new(
        true, "TooFewReplicas", "the desired replica count is less than the minimum replica count");

    public static readonly PaceReason UpLimit = new(
        true, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");

    public static readonly PaceReason DownLimit = new(
        true, "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate");
}
