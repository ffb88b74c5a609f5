namespace MiniPlane.Dns;

/// <summary>The cluster's DNS without a socket: what its server says to a question, for those who bring questions another way.</summary>
public interface IDnsAnswers
{
    /// <summary>The answer as it would be sent by TCP, or null if the octets deserve none.</summary>
    ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> query, CancellationToken cancellationToken);
}
